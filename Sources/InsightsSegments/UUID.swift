internal import InsightsText

/// A UUID in its canonical lower-case form, `7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10`, as 128 bits.
///
/// Comparison and hashing are inlinable, since scans do them for every event.
@usableFromInline
package struct UUID: Hashable, Sendable, BitwiseCopyable {
  /// The size of the text in bytes.
  static let textLength = 36

  @usableFromInline package var high: UInt64
  @usableFromInline package var low: UInt64

  @inlinable
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inlinable
  package static func == (left: UUID, right: UUID) -> Bool {
    left.high == right.high && left.low == right.low
  }

  @inlinable
  package func hash(into hasher: inout Hasher) {
    hasher.combine(high)
    hasher.combine(low)
  }

  /// Parses a text; `nil` for any other form.
  package init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard text.count == UUID.textLength, let bits = HexadecimalDigits.uuid(in: text, at: 0)
    else { return nil }
    (high, low) = bits
  }

  /// Appends the text.
  package func append(to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: repeatElement(UInt8(ascii: "-"), count: UUID.textLength))
    output.withUnsafeMutableBytes {
      write(to: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
    }
  }

  /// Writes the text to the first `textLength` bytes.
  func write(to output: UnsafeMutableRawBufferPointer) {
    let parts = (
      Self.digits(high >> 32), Self.digits(high & 0xFFFF_FFFF), Self.digits(low >> 32),
      Self.digits(low & 0xFFFF_FFFF)
    )
    func store(_ digits: UInt64, at offset: Int) {
      output.storeBytes(of: digits.bigEndian, toByteOffset: offset, as: UInt64.self)
    }
    func storeHalf(_ digits: UInt64, at offset: Int) {
      output.storeBytes(
        of: UInt32(truncatingIfNeeded: digits).bigEndian, toByteOffset: offset, as: UInt32.self)
    }
    store(parts.0, at: 0)
    storeHalf(parts.1 >> 32, at: 9)
    storeHalf(parts.1, at: 14)
    storeHalf(parts.2 >> 32, at: 19)
    storeHalf(parts.2, at: 24)
    store(parts.3, at: 28)
    for offset in [8, 13, 18, 23] { output[offset] = UInt8(ascii: "-") }
  }

  /// Returns 32 bits as eight hexadecimal digits, the first in the highest byte.
  private static func digits(_ bits: UInt64) -> UInt64 {
    var nibbles = (bits | bits << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
  }
}
