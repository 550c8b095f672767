public import Glibc

extension UnsafeBufferPointer<UInt8> {
  /// Returns the offset of the first `byte` in `from ..< to` (default: to the end), clamped to the
  /// buffer.
  @inlinable
  public func firstOffset(of byte: UInt8, from: Int = 0, to: Int? = nil) -> Int? {
    let to = Swift.min(to ?? count, count)
    guard from >= 0, from < to, let start = baseAddress else { return nil }
    guard let hit = memchr(start + from, Int32(byte), to - from) else { return nil }
    return UnsafeRawPointer(hit) - UnsafeRawPointer(start)
  }

  /// Whether the bytes in `range`, which must be inside the buffer, equal `other`.
  @inlinable
  public func holds(_ other: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count == other.count, range.lowerBound >= 0, range.upperBound <= count else {
      return false
    }
    guard let start = baseAddress, let otherStart = other.baseAddress, !other.isEmpty else {
      return other.isEmpty
    }
    return memcmp(start + range.lowerBound, otherStart, other.count) == 0
  }

  /// Returns the offset of the first occurrence of `text` at or after `start`.
  public func firstOffset(of text: StaticString, from start: Int = 0) -> Int? {
    firstOffset(
      of: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), from: start)
  }

  /// Whether `text` occurs; fast if `byte`, one of its bytes, does not occur.
  @inlinable
  public func contains(_ text: StaticString, knownBy byte: UInt8) -> Bool {
    firstOffset(of: byte) != nil && firstOffset(of: text) != nil
  }

  /// Whether `text` is at `offset`.
  @inlinable
  public func holds(_ text: StaticString, at offset: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard offset >= 0, offset <= self.count - count else { return false }
    let other = UnsafeBufferPointer(start: text.utf8Start, count: count)
    return holds(other, in: offset..<offset + count)
  }
}

extension UInt8 {
  /// The value of an ASCII digit; 10 or more for any other byte.
  var decimalDigit: UInt8 { self &- UInt8(ascii: "0") }

  /// The value of an ASCII hexadecimal digit of either case.
  var hexDigitValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }
}
