internal import InsightsText

/// A log format whose events are in JSON records: the elements of an array anywhere in a document,
/// or objects one per line, concatenated or in an array.
///
/// All these formats share one reader, which identifies each record by its content
/// (`EventRecordReader`); a format only determines the name for the beginning of a file. A record
/// is read as soon as it is complete, so a truncated file yields everything before the cut. Text
/// between the records is read as text.
protocol JSONRecordFormat: LogFormat {
  /// Whether a record has this format; a truncated one has only its first members.
  ///
  /// `list` is the key of the list that contains it, as in `JSONRecordWalk.listName`.
  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool

  var state: JSONRecordState { get set }
}

/// The state of reading an input of JSON records.
struct JSONRecordState {
  fileprivate var walk = JSONRecordWalk()
  fileprivate var records = EventRecordReader()
  fileprivate var isPrepared = false
  /// Whether the rest of an overlong record is being skipped, up to the end of its line.
  fileprivate var isSkipping = false
}

extension JSONRecordFormat {
  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = head.first(where: { $0 > 0x20 }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    var walk = JSONRecordWalk()
    var index = 0
    switch walk.next(in: head, from: &index) {
    case .record(let value):
      return recognizes(JSONRecord(text: head, value: value), in: walk.listName)
    case .incomplete:
      var start = index
      while start < head.count, head[start] <= 0x20 || head[start] == UInt8(ascii: ",") {
        start += 1
      }
      guard start < head.count, head[start] == UInt8(ascii: "{") else { return false }
      let value = JSONScanner.Value(kind: .object, range: start..<head.count)
      return recognizes(JSONRecord(text: head, value: value), in: walk.listName)
    case .invalid, .end: return false
    }
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    var index = 0
    if !state.isPrepared {
      state.records.learn(from: window)
      state.isPrepared = true
    }
    state.walk.hasMore = ending == .more
    state.walk.lineLimit = min(state.walk.lineLimit, batch.limits.recordByteCount)
    if state.isSkipping {
      guard let lineEnd = window.firstOffset(of: 0x0A) else { return window.count }
      state.isSkipping = false
      index = lineEnd + 1
    }
    while true {
      switch state.walk.next(in: window, from: &index) {
      case .record(let value):
        state.records.append(
          JSONRecord(text: window, value: value), isInList: state.walk.isInList,
          isAlone: state.walk.isAlone, to: &batch)
      case .incomplete:
        if ending == .more {
          guard window.count - index > batch.limits.recordByteCount else { return index }
          // The first element of a list determines its meaning, but this one is too long to wait
          // for.
          guard state.walk.takesCutElements || !state.walk.isBetweenValues else {
            state.walk.takesCutElements = true
            continue
          }
          state.walk.takesCutElements = false
          batch.remark(
            .lossy, at: index,
            "a record of more than \(batch.limits.recordWords) is left out")
          state.isSkipping =
            state.walk.isBetweenValues && window.firstOffset(of: 0x0A, from: index) == nil
          state.walk.recover(in: window, from: &index)
          continue
        }
        let rest = JSONScanner.Value(kind: .object, range: index..<window.count)
        let isSaved = state.records.salvage(JSONRecord(text: window, value: rest), to: &batch)
        batch.remark(
          .lossy, at: index,
          isSaved
            ? "the last record is cut short" : "the last record is cut short and left out")
        return window.count
      case .invalid:
        if state.walk.isBetweenValues, Self.isLine(window, at: index) {
          guard readText(window, &index, ending, into: &batch) else { return index }
        } else {
          batch.remark(.lossy, at: index, "text that is no JSON is left out")
          state.walk.recover(in: window, from: &index)
        }
      case .end:
        if ending != .more, !state.walk.isBetweenValues {
          batch.remark(.lossy, at: window.count, "the JSON ends before its end")
        }
        return window.count
      }
    }
  }

  /// Whether text that is not JSON is a line of text, rather than a damaged or continued record.
  private static func isLine(_ window: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard window[start] == UInt8(ascii: "{") else { return true }
    guard let end = window.firstOffset(of: 0x0A, from: start) else { return false }
    return window[start..<end].last { $0 > 0x20 } == UInt8(ascii: "}")
  }

  /// Reads the lines before the next record as text; returns false if more of them may follow.
  private func readText(
    _ window: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ ending: WindowEnding,
    into batch: inout LogEventBatch
  ) -> Bool {
    var end = index
    repeat {
      guard let lineEnd = window.firstOffset(of: 0x0A, from: end) else {
        end = window.count
        break
      }
      end = lineEnd + 1
    } while end < window.count && window[end] != UInt8(ascii: "{")
    // Only further input can determine where the text ends.
    if ending == .more, end == window.count, end - index <= batch.limits.eventByteCount {
      return false
    }
    let text = UnsafeBufferPointer(rebasing: window[index..<end])
    var lines = PlainTextFormat()
    batch.remarkOffset = index
    _ = lines.read(text, ending: .end, into: &batch)
    batch.remarkOffset = 0
    index = end
    return true
  }
}
