internal import InsightsText

/// A log format whose events are in JSON records: the elements of an array somewhere in a document,
/// or objects one a line, back to back or in an array.
///
/// A record is taken as soon as it is whole, so a cut file gives what precedes the cut.
protocol JSONRecordFormat: LogFormat {
  /// The keys that lead to the array of records, from the outside; several where writers differ.
  ///
  /// Objects that have none of them are records themselves.
  static var recordPaths: [[StaticString]] { get }

  /// Whether a record is of this format; one that is cut has only the members before the cut.
  static func recognizes(_ record: JSONRecord) -> Bool

  var walk: JSONRecordWalk { get set }

  /// Appends the events of a record.
  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch)

  /// Appends the events of what there is of the last record of a cut input; false where there are
  /// none to be had.
  mutating func salvage(_ record: JSONRecord, to batch: inout LogEventBatch) -> Bool
}

extension JSONRecordFormat {
  static var recordPaths: [[StaticString]] { [] }

  mutating func salvage(_ record: JSONRecord, to batch: inout LogEventBatch) -> Bool { false }

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = head.first(where: { $0 > 0x20 }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return false }
    var walk = JSONRecordWalk(paths: recordPaths)
    var index = 0
    switch walk.next(in: head, from: &index) {
    case .record(let value): return recognizes(JSONRecord(text: head, value: value))
    case .incomplete:
      var start = index
      while start < head.count, head[start] <= 0x20 || head[start] == UInt8(ascii: ",") {
        start += 1
      }
      guard start < head.count, head[start] == UInt8(ascii: "{") else { return false }
      let value = JSONScanner.Value(kind: .object, range: start..<head.count)
      return recognizes(JSONRecord(text: head, value: value))
    case .invalid, .end: return false
    }
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    var index = 0
    while true {
      switch walk.next(in: window, from: &index) {
      case .record(let value):
        append(JSONRecord(text: window, value: value), to: &batch)
      case .incomplete:
        if ending == .more {
          guard window.count - index > batch.limits.recordByteCount else { return index }
          batch.remark(
            .lossy, at: index,
            "a record of more than \(batch.limits.recordWords) is left out")
          walk.recover(in: window, from: &index)
          continue
        }
        let rest = JSONScanner.Value(kind: .object, range: index..<window.count)
        let isSaved = salvage(JSONRecord(text: window, value: rest), to: &batch)
        batch.remark(
          .lossy, at: index,
          isSaved
            ? "the last record is cut short" : "the last record is cut short and left out")
        return window.count
      case .invalid:
        // The end of a line tells whose words it is.
        if ending == .more, walk.isBetweenValues, window.count - index < 4096,
          window.firstOffset(of: 0x0A, from: index) == nil
        {
          return index
        }
        skipInvalid(window, &index, ending, into: &batch)
      case .end:
        if ending != .more, !walk.isBetweenValues {
          batch.remark(.lossy, at: window.count, "the JSON ends before its end")
        }
        return window.count
      }
    }
  }

  private mutating func skipInvalid(
    _ window: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ ending: WindowEnding,
    into batch: inout LogEventBatch
  ) {
    if walk.isBetweenValues, window[index] != UInt8(ascii: "{") {
      let lineEnd = window.firstOffset(of: 0x0A, from: index) ?? window.count
      let line = UnsafeBufferPointer(rebasing: window[index..<lineEnd])
      let end = line.firstOffset(of: UInt8(ascii: "{")).map { index + $0 } ?? lineEnd
      batch.remark(
        ToolChatter.recognizes(line) ? .repaired : .lossy, at: index,
        "text between the JSON objects is left out")
      index = ToolChatter.recognizes(line) ? lineEnd : end
    } else {
      batch.remark(.lossy, at: index, "text that is no JSON is left out")
      walk.recover(in: window, from: &index)
    }
  }
}
