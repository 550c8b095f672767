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

/// A JSON value and the text that it is in.
struct JSONRecord {
  let text: UnsafeBufferPointer<UInt8>
  let value: JSONScanner.Value

  /// The members, where the value is an object.
  var members: JSONMembers {
    JSONMembers(of: text, objectAt: value.kind == .object ? value.range.lowerBound : text.count)
  }

  /// The elements, where the value is an array.
  var elements: JSONElements {
    JSONElements(of: text, arrayAt: value.kind == .array ? value.range.lowerBound : text.count)
  }

  /// The value of a member.
  subscript(key: StaticString) -> JSONRecord? {
    guard value.kind == .object else { return nil }
    return JSONScanner.member(key, in: text, objectAt: value.range.lowerBound).map {
      JSONRecord(text: text, value: $0)
    }
  }

  /// The bytes of the value, those of a string without its quotes and with its escapes.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text[value.range.clamped(to: 0..<text.count)])
  }

  /// A string's bytes; `nil` for any other value, and for an empty string.
  var name: UnsafeBufferPointer<UInt8>? {
    value.kind == .string && !value.range.isEmpty ? bytes : nil
  }

  func isKind(_ kind: JSONScanner.Value.Kind) -> Bool { value.kind == kind }

  /// The time that a number or a string stands for, in epoch milliseconds.
  ///
  /// The unit of a number is told by its size: seconds, also with a fraction, milli-, micro- or
  /// nanoseconds.
  var timestamp: Int64? {
    switch value.kind {
    case .string:
      if let match = Timestamp.parseAny(bytes), match.end == bytes.count {
        return match.milliseconds
      }
      return nil
    case .number:
      switch NumericText.number(bytes) {
      case .integer(let number)?: return Self.milliseconds(number)
      case .real(let number)?: return Self.milliseconds(number)
      case nil: return nil
      }
    default: return nil
    }
  }

  /// An epoch time of unknown unit as milliseconds.
  private static func milliseconds(_ number: Int64) -> Int64? {
    switch number {
    case 0..<100_000_000_000: number * 1000
    case 100_000_000_000..<100_000_000_000_000: number
    case 100_000_000_000_000..<100_000_000_000_000_000: number / 1000
    case 100_000_000_000_000_000...: number / 1_000_000
    default: nil
    }
  }

  private static func milliseconds(_ number: Double) -> Int64? {
    guard number > 0, number < 9e18 else { return nil }
    if number < 1e11 { return Int64((number * 1000).rounded()) }
    return milliseconds(Int64(number))
  }

  /// Epoch milliseconds of a number that has this unit by definition.
  var epochMilliseconds: Int64? {
    guard value.kind == .number, case .integer(let number)? = NumericText.number(bytes) else {
      return nil
    }
    return number
  }

  /// Appends the text of a string, or any other value as written.
  func appendText(to batch: inout LogEventBatch) -> Range<Int> {
    value.kind == .string
      ? batch.append(unescaping: value.range, of: text) : batch.append(bytes)
  }
}
