/// Strict JSON on bytes, but for NaN and Infinity: validates, walks and locates values in place,
/// without building a tree.
///
/// Offsets count from the start of the buffer. Nothing here traps on hostile input: what is no
/// JSON (RFC 8259), or is nested deeper than `depthLimit`, is simply not a value.
public enum JSONScanner {
  /// Levels of nesting that are followed.
  public static let depthLimit = 128

  /// Leaf fields of one event that exist as discovered fields; CloudWatch stops at 200.
  ///
  /// The first ones in document order. A `null` counts though it is no field.
  public static let discoveredFieldLimit = 200

  /// A value and where its bytes are.
  public struct Value: Equatable, Sendable {
    /// The kinds of JSON values.
    public enum Kind: Sendable { case object, array, string, number, `true`, `false`, null }

    public var kind: Kind
    /// The bytes of the value; those of a string are between the quotes.
    public var range: Range<Int>

    public init(kind: Kind, range: Range<Int>) {
      self.kind = kind
      self.range = range
    }

    /// The offset after the value's last byte, a string's closing quote included.
    public var end: Int { kind == .string ? range.upperBound + 1 : range.upperBound }
  }

  /// The value at `start`, after white space, checked to its end.
  ///
  /// - Returns: `nil` when there is no complete, valid value.
  public static func value(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> (value: Value, end: Int)? {
    guard start >= 0, start <= bytes.count else { return nil }
    var cursor = JSONCursor(bytes: bytes, index: start)
    cursor.skipWhitespace()
    guard let value = cursor.value(depth: 0) else { return nil }
    return (value, cursor.index)
  }

  /// What stands at some offset of a text of which more may follow.
  public enum Outcome: Equatable, Sendable {
    case value(Value)
    /// A value may begin here; its end is not in the text.
    case incomplete
    case invalid
  }

  /// The value at `start`, without white space before it, of a text of which more may follow.
  public static func outcome(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Outcome {
    guard start >= 0, start < bytes.count else { return .incomplete }
    var cursor = JSONCursor(bytes: bytes, index: start)
    guard let value = cursor.value(depth: 0) else {
      // A literal or an escape that is cut fails where it begins, up to eight bytes from the end.
      return cursor.index + 9 > bytes.count ? .incomplete : .invalid
    }
    return value.kind == .number && cursor.index == bytes.count ? .incomplete : .value(value)
  }

  /// The offset of the first complete, valid JSON object that has a member.
  ///
  /// The objects tried may cost, all together, four times the length of the text; text that is
  /// made of broken nested objects is given up then.
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

  /// The leaf named `path` of the object at `start`, by the name that CloudWatch discovers it under.
  ///
  /// Nested keys are joined by dots (`a.b`), array positions are numbers (`items.0.id`), a key may
  /// hold dots itself, and a top-level key that starts with `@` gets one more `@`. The first leaf
  /// of that name counts. The object must be valid JSON, else what precedes the damage is searched.
  public static func field(
    _ path: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> Value? {
    guard start >= 0, start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
    var search = JSONFieldSearch(path: path, cursor: JSONCursor(bytes: bytes, index: start))
    return search.run()
  }

  /// Calls `body` with the name and value of every discovered field of the object at `start`.
  ///
  /// Names as in `field`; they are valid during the call only. Nulls are left out.
  public static func forEachField(
    in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int,
    body: (_ name: UnsafeBufferPointer<UInt8>, _ value: Value) -> Void
  ) {
    guard start >= 0, start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return }
    var walk = JSONFieldWalk(cursor: JSONCursor(bytes: bytes, index: start))
    _ = walk.value(depth: 0, body: body)
  }

  /// The value of the first member called `key` of the object at `start`.
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

  /// Appends the text that a string's `range` stands for, its escapes resolved.
  ///
  /// A surrogate without its partner becomes U+FFFD; an unknown escape stays as written.
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

  /// Appends what the escape at `start` stands for and returns the offset after it.
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

  /// The four hexadecimal digits at `start` as a number.
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
