/// Parses eight hexadecimal digits at a time.
public enum HexadecimalDigits {
  /// Returns the number that eight hexadecimal digits encode; `nil` if a byte is not a digit.
  ///
  /// `word` contains the eight bytes, the first in the lowest bits.
  @inlinable
  public static func value(of word: UInt64, allowsUpperCase: Bool = false) -> UInt32? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high = ones &* 0x80
    guard word & high == 0 else { return nil }
    // Per byte, the high bit says whether the byte is at least the first digit, or above the last.
    let digits = (word &+ ones &* 0x50) & ~(word &+ ones &* 0x46)
    let folded = allowsUpperCase ? word | ones &* 0x20 : word
    let letters = (folded &+ ones &* 0x1F) & ~(folded &+ ones &* 0x19)
    guard (digits | letters) & high == high else { return nil }
    let nibbles = (word & (ones &* 0x0F)) &+ ((letters & high) >> 7) &* 9
    var value = nibbles.byteSwapped
    value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
    value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: value | value >> 16)
  }

  /// Returns the 128 bits of the UUID at `start`; `nil` if there is none.
  public static func uuid(
    in bytes: UnsafeBufferPointer<UInt8>, at start: Int, allowsUpperCase: Bool = false
  ) -> (high: UInt64, low: UInt64)? {
    guard start >= 0, start <= bytes.count - 36 else { return nil }
    guard bytes[start + 8] == UInt8(ascii: "-"), bytes[start + 13] == UInt8(ascii: "-"),
      bytes[start + 18] == UInt8(ascii: "-"), bytes[start + 23] == UInt8(ascii: "-")
    else { return nil }
    let raw = UnsafeRawBufferPointer(bytes)
    func eight(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self))
    }
    func four(_ offset: Int) -> UInt64 {
      UInt64(
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self)))
    }
    guard let first = value(of: eight(0), allowsUpperCase: allowsUpperCase),
      let second = value(of: four(9) | four(14) << 32, allowsUpperCase: allowsUpperCase),
      let third = value(of: four(19) | four(24) << 32, allowsUpperCase: allowsUpperCase),
      let fourth = value(of: eight(28), allowsUpperCase: allowsUpperCase)
    else { return nil }
    return (UInt64(first) << 32 | UInt64(second), UInt64(third) << 32 | UInt64(fourth))
  }
}
