/// Hexadecimal encoding of bytes.
public enum Hexadecimal {
  /// Appends two lower-case digits per byte.
  public static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
    for byte in bytes {
      output.append(digit(byte >> 4))
      output.append(digit(byte & 0xF))
    }
  }

  /// Appends the bytes that pairs of hexadecimal digits encode, in either case; returns false for
  /// other characters and for an odd number of digits.
  public static func appendDecoded(
    _ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Bool {
    guard text.count.isMultiple(of: 2) else { return false }
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = text[index].hexDigitValue, let low = text[index + 1].hexDigitValue else {
        return false
      }
      output.append(high << 4 | low)
    }
    return true
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
