internal import InsightsText

/// A JSON value and the text that contains it.
struct JSONRecord {
  let text: UnsafeBufferPointer<UInt8>
  let value: JSONScanner.Value

  /// The members, if the value is an object.
  var members: JSONMembers {
    JSONMembers(of: text, objectAt: value.kind == .object ? value.range.lowerBound : text.count)
  }

  /// The elements, if the value is an array.
  var elements: JSONElements {
    JSONElements(of: text, arrayAt: value.kind == .array ? value.range.lowerBound : text.count)
  }

  /// The name of the first member.
  var firstKey: UnsafeBufferPointer<UInt8>? {
    var members = self.members
    return members.next().map { UnsafeBufferPointer(rebasing: text[$0.key]) }
  }

  /// The value of a member.
  subscript(key: StaticString) -> JSONRecord? {
    guard value.kind == .object else { return nil }
    return JSONScanner.member(key, in: text, objectAt: value.range.lowerBound).map {
      JSONRecord(text: text, value: $0)
    }
  }

  /// The bytes of the value; those of a string are without its quotes and with its escapes.
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: text[value.range.clamped(to: 0..<text.count)])
  }

  /// The bytes of a non-empty string; `nil` for any other value.
  var name: UnsafeBufferPointer<UInt8>? {
    value.kind == .string && !value.range.isEmpty ? bytes : nil
  }

  func isKind(_ kind: JSONScanner.Value.Kind) -> Bool { value.kind == kind }

  /// The time that a number or a string denotes, in epoch milliseconds.
  ///
  /// The unit of a number is determined by its size: seconds, milli-, micro- or nanoseconds, each
  /// also with a fraction. A smaller number is milliseconds, as in the API.
  var timestamp: Int64? {
    switch value.kind {
    case .string: Self.timestamp(of: bytes)
    case .number: Self.milliseconds(bytes)
    case .object: dateOrSeconds
    case .array: calendarParts
    default: nil
    }
  }

  /// The time in MongoDB's `{"$date": …}`, or in seconds and nanoseconds as in protocol buffers,
  /// Firestore and Java.
  private var dateOrSeconds: Int64? {
    if let date = self["$date"] { return (date["$numberLong"] ?? date).timestamp }
    guard let seconds = (self["seconds"] ?? self["_seconds"] ?? self["epochSecond"])?.integer else {
      return nil
    }
    let nanoseconds =
      (self["nanos"] ?? self["nanoseconds"] ?? self["_nanoseconds"] ?? self["nanoOfSecond"])?
      .integer ?? 0
    let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow, (0..<1_000_000_000).contains(nanoseconds) else { return nil }
    return milliseconds.addingReportingOverflow(nanoseconds / 1_000_000).partialValue
  }

  /// The time in Java's `[2026, 3, 4, 10, 0, 0, 123000000]`, from the year to the nanosecond.
  private var calendarParts: Int64? {
    var elements = self.elements
    var parts: [Int] = []
    while parts.count < 8, let element = elements.next() {
      guard let part = JSONRecord(text: text, value: element).integer, part >= 0,
        part < 1_000_000_000
      else { return nil }
      parts.append(Int(part))
    }
    guard (5...7).contains(parts.count), (1970..<10_000).contains(parts[0]), parts[3] < 24,
      parts[4] < 60, parts.count < 6 || parts[5] < 60,
      let days = Timestamp.days(fromCivil: parts[0], parts[1], parts[2])
    else { return nil }
    let seconds = (parts[3] * 60 + parts[4]) * 60 + (parts.count > 5 ? parts[5] : 0)
    let nanoseconds = parts.count > 6 ? parts[6] : 0
    return Int64(days) * 86_400_000 + Int64(seconds * 1000 + nanoseconds / 1_000_000)
  }

  /// The integer that a number or a text denotes.
  private var integer: Int64? {
    guard isKind(.number) || isKind(.string), case .integer(let number)? = NumericText.number(bytes)
    else { return nil }
    return number
  }

  /// Parses a text that is a time as a whole.
  static func timestamp(of text: UnsafeBufferPointer<UInt8>) -> Int64? {
    if let match = Timestamp.parseAny(text), match.end == text.count { return match.milliseconds }
    // .NET's `/Date(1772618400000)/`, whose slashes may be escaped.
    if text.count < 40, let date = text.firstOffset(of: "/Date("),
      let end = text.firstOffset(of: UInt8(ascii: ")"), from: date),
      text[date + 6] &- 48 < 10
    {
      let digits = text[(date + 6)..<end].prefix { $0 &- 48 < 10 }
      return milliseconds(UnsafeBufferPointer(rebasing: digits))
    }
    // Fewer digits may be any number; a spreadsheet's exponent has lost the last digits.
    guard text.count >= 10, text.allSatisfy({ $0 &- 48 < 10 || $0 == UInt8(ascii: ".") }) else {
      return nil
    }
    return milliseconds(text)
  }

  /// Returns an epoch time of unknown unit in milliseconds.
  private static func milliseconds(_ digits: UnsafeBufferPointer<UInt8>) -> Int64? {
    switch NumericText.number(digits) {
    case .integer(let number)?: milliseconds(number)
    case .real(let number)?:
      if number >= 0, number < 1e11, number >= 1e9 {
        Int64((number * 1000).rounded())
      } else if number.magnitude < 9e18 {
        milliseconds(Int64(number))
      } else {
        nil
      }
    case nil: nil
    }
  }

  private static func milliseconds(_ number: Int64) -> Int64 {
    switch number {
    case 1_000_000_000..<100_000_000_000: number * 1000
    case 1_000_000_000_000_000..<1_000_000_000_000_000_000: number / 1000
    case 1_000_000_000_000_000_000...: number / 1_000_000
    default: number
    }
  }

  /// Appends the text of a string, or any other value as written.
  func appendText(to batch: inout LogEventBatch) -> Range<Int> {
    value.kind == .string
      ? batch.append(unescaping: value.range, of: text) : batch.append(bytes)
  }
}
