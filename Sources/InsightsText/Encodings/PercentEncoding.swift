/// Percent-encoding of URL components (RFC 3986): `a b` is `a%20b`.
public enum PercentEncoding {
  /// Appends the text with every byte escaped except letters, digits, `-`, `.`, `_` and `~`.
  public static func append(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        output.append(byte)
      default:
        output.append(UInt8(ascii: "%"))
        output.append(digit(byte >> 4))
        output.append(digit(byte & 0xF))
      }
    }
  }

  /// Appends the decoded text.
  ///
  /// A `+` is a space, as in forms; a `%` without two digits is kept.
  public static func appendDecoded(
    _ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) {
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.count,
        let high = text[index + 1].hexDigitValue, let low = text[index + 2].hexDigitValue
      {
        output.append(high << 4 | low)
        index += 3
      } else {
        output.append(text[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[index])
        index += 1
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }
}
