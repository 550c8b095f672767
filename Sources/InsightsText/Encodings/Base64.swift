/// The Base64 encoding of bytes (RFC 4648).
public enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Appends the Base64 text of `bytes`, padded with `=`.
  public static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      let count = min(3, bytes.count - index)
      var group = UInt32(bytes[index]) << 16
      if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
      if count > 2 { group |= UInt32(bytes[index + 2]) }
      for position in 0..<4 {
        let shift = UInt32(18 - 6 * position)
        output.append(
          position <= count ? alphabet[Int(group >> shift & 0x3F)] : UInt8(ascii: "="))
      }
      index += 3
    }
  }

  /// Appends the bytes that a text encodes, in the standard or the URL-safe alphabet; padding is
  /// optional.
  ///
  /// Returns false if the text is not Base64; `output` may then contain additional bytes.
  public static func appendDecoded(
    _ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]
  ) -> Bool {
    var end = text.count
    while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
    guard end % 4 != 1, end == text.count || text.count.isMultiple(of: 4) else { return false }
    var group: UInt32 = 0
    var bitCount: UInt32 = 0
    for byte in text[..<end] {
      guard let value = value(of: byte) else { return false }
      group = group << 6 | value
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        output.append(UInt8(truncatingIfNeeded: group >> bitCount))
      }
    }
    return true
  }

  /// Decodes a Base64 text inside JSON, like `appendDecoded`, with some leniency.
  ///
  /// White space, JSON's escaped line breaks (`\n`), `\/`, and any number of `=` at the end are
  /// accepted.
  ///
  /// - Returns: `nil` if the text is not Base64.
  public static func decodeLeniently(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var plain: [UInt8] = []
    plain.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      if byte == UInt8(ascii: "\\"), index < text.count {
        switch text[index] {
        case UInt8(ascii: "n"), UInt8(ascii: "r"): index += 1
        case UInt8(ascii: "/"): break
        default: return nil
        }
      } else if byte > 0x20 {
        plain.append(byte)
      }
    }
    while plain.last == UInt8(ascii: "=") { plain.removeLast() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(plain.count / 4 * 3 + 3)
    return plain.withUnsafeBufferPointer { appendDecoded($0, to: &bytes) } ? bytes : nil
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }
}
