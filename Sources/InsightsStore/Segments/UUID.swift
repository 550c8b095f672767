internal import InsightsText

/// A UUID in its canonical lower-case form, `7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10`, as 128 bits.
struct UUID: Hashable, Sendable {
  /// Byte count of the text.
  static let textLength = 36

  var high: UInt64
  var low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Fails for any other text.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard text.count == UUID.textLength, let bits = HexadecimalDigits.uuid(in: text, at: 0)
    else { return nil }
    (high, low) = bits
  }

  /// Appends the text.
  func append(to output: inout [UInt8]) {
    for digit in 0..<32 {
      if digit == 8 || digit == 12 || digit == 16 || digit == 20 { output.append(0x2D) }
      let word = digit < 16 ? high : low
      let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit & 15)) & 15)
      output.append(value < 10 ? value + UInt8(ascii: "0") : value + UInt8(ascii: "a") - 10)
    }
  }
}
