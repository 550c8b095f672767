/// Validates, walks and locates JSON values in place, without building a tree.
///
/// Strict RFC 8259, except that NaN and Infinity are accepted. Offsets count from the start of the
/// buffer. Hostile input never traps: invalid JSON, or JSON nested deeper than `depthLimit`, is not
/// a value.
public enum JSONScanner {
  /// The maximum depth of nesting.
  public static let depthLimit = 128

  /// The maximum number of discovered fields per event; CloudWatch stops at 200 leaves.
  ///
  /// The first ones in document order. A `null` counts although it is not a field.
  public static let discoveredFieldLimit = 200

  /// A value and its byte range.
  public struct Value: Equatable, Sendable {
    /// The kinds of JSON values.
    public enum Kind: Sendable { case object, array, string, number, `true`, `false`, null }

    public var kind: Kind
    /// The bytes of the value; for a string, those between the quotes.
    public var range: Range<Int>

    /// Makes a value.
    public init(kind: Kind, range: Range<Int>) {
      self.kind = kind
      self.range = range
    }

    /// The offset after the value's last byte, including a string's closing quote.
    public var end: Int { kind == .string ? range.upperBound + 1 : range.upperBound }
  }

  /// Validates the value at `start`, after optional white space.
  ///
  /// - Returns: `nil` if there is no complete, valid value.
  public static func value(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (value: Value, end: Int)? {
    guard start >= 0, start <= bytes.count else { return nil }
    var cursor = JSONCursor(bytes: bytes, index: start)
    cursor.skipWhitespace()
    guard let value = cursor.value(depth: 0) else { return nil }
    return (value, cursor.index)
  }

  /// The result of parsing a text that may continue.
  public enum Outcome: Equatable, Sendable {
    case value(Value)
    /// A value may begin here, but its end is not in the text.
    case incomplete
    case invalid
  }

  /// Parses the value at `start`, without leading white space, in a text that may continue.
  public static func outcome(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Outcome {
    guard start >= 0, start < bytes.count else { return .incomplete }
    var cursor = JSONCursor(bytes: bytes, index: start)
    guard let value = cursor.value(depth: 0) else {
      // A truncated literal or escape fails at its beginning, up to eight bytes before the end.
      return cursor.index + 9 > bytes.count ? .incomplete : .invalid
    }
    return value.kind == .number && cursor.index == bytes.count ? .incomplete : .value(value)
  }

  /// Returns the offset of the first complete, valid JSON object with at least one member.
  ///
  /// The total cost of all attempts is limited to four times the length of the text; a text of
  /// broken nested objects is given up then.
  public static func firstObject(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var work = 4 &* bytes.count &+ 4096
    var from = 0
    while let candidate = bytes.firstOffset(of: UInt8(ascii: "{"), from: from) {
      var cursor = JSONCursor(bytes: bytes, index: candidate)
      if cursor.value(depth: 0) != nil, !isEmptyObject(at: candidate, in: bytes) {
        return candidate
      }
      work &-= cursor.index &- candidate &+ 1
      guard work > 0 else { return nil }
      from = candidate + 1
    }
    return nil
  }

  /// Returns the leaf named `path` of the object at `start`, by the name under which CloudWatch
  /// discovers it.
  ///
  /// Nested keys are joined by dots (`a.b`), array positions are numbers (`items.0.id`), a key may
  /// contain dots itself, and a top-level key that starts with `@` gets an additional `@`. The
  /// first leaf with the name counts. The object must be valid JSON; otherwise the part before the
  /// error is searched.
  public static func field(
    _ path: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> Value? {
    guard start >= 0, start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
    var search = JSONFieldSearch(path: path, cursor: JSONCursor(bytes: bytes, index: start))
    return search.run()
  }

  /// Calls `body` with the name and value of every discovered field of the object at `start`.
  ///
  /// Names as in `field`; they are valid only during the call. Nulls are omitted.
  public static func forEachField(
    in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int,
    body: (_ name: UnsafeBufferPointer<UInt8>, _ value: Value) -> Void
  ) {
    guard start >= 0, start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return }
    var walk = JSONFieldWalk(cursor: JSONCursor(bytes: bytes, index: start))
    _ = walk.value(depth: 0, body: body)
  }

  /// Returns the value of the first member named `key` of the object at `start`.
  ///
  /// Keys are compared as written between their quotes, so `key` should need no escapes.
  public static func member(
    _ key: StaticString, in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> Value? {
    let wanted = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
    var members = JSONMembers(of: bytes, objectAt: start)
    while let member = members.next() {
      if bytes.holds(wanted, in: member.key) { return member.value }
    }
    return nil
  }

  /// Appends the text of a string's `range` with its escapes resolved.
  ///
  /// An unpaired surrogate becomes U+FFFD; an unknown escape is kept as written.
  public static func appendUnescaped(
    _ range: Range<Int>, of bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    let range = range.clamped(to: 0..<bytes.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let backslash =
        bytes.firstOffset(of: UInt8(ascii: "\\"), from: index, to: range.upperBound)
        ?? range.upperBound
      output.append(contentsOf: bytes[index..<backslash])
      guard backslash < range.upperBound else { return }
      index = appendEscape(at: backslash, end: range.upperBound, of: bytes, to: &output)
    }
  }

  private static func isEmptyObject(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var cursor = JSONCursor(bytes: bytes, index: start + 1)
    cursor.skipWhitespace()
    return cursor.current == UInt8(ascii: "}")
  }

  /// Appends the character of the escape at `start`; returns the offset after the escape.
  private static func appendEscape(
    at start: Int, end: Int, of bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Int {
    guard start + 1 < end else {
      output.append(bytes[start])
      return end
    }
    switch bytes[start + 1] {
    case UInt8(ascii: "n"): output.append(0x0A)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "r"): output.append(0x0D)
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0C)
    case UInt8(ascii: "u"):
      guard let unit = codeUnit(at: start + 2, end: end, of: bytes) else {
        output.append(bytes[start])
        return start + 1
      }
      if unit & 0xFC00 == 0xD800, start + 7 < end, bytes[start + 6] == UInt8(ascii: "\\"),
        bytes[start + 7] == UInt8(ascii: "u"),
        let low = codeUnit(at: start + 8, end: end, of: bytes), low & 0xFC00 == 0xDC00
      {
        append(scalar: 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF), to: &output)
        return start + 12
      }
      append(scalar: unit & 0xF800 == 0xD800 ? 0xFFFD : unit, to: &output)
      return start + 6
    case let other: output.append(other)
    }
    return start + 2
  }

  /// Returns the number that the four hexadecimal digits at `start` encode.
  private static func codeUnit(
    at start: Int, end: Int, of bytes: UnsafeBufferPointer<UInt8>
  ) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var unit: UInt32 = 0
    for index in start..<start + 4 {
      guard let digit = bytes[index].hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  private static func append(scalar: UInt32, to output: inout [UInt8]) {
    let scalar = Unicode.Scalar(scalar) ?? "\u{FFFD}"
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
