/// Writes JSON values as bytes.
public enum JSONWriter {
  /// Appends a quoted, escaped string.
  ///
  /// Invalid UTF-8 becomes U+FFFD, so the output is always valid; characters beyond ASCII are not
  /// escaped.
  public static func append(string bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    // Everything before `written` has been written; runs without escapes are appended at once.
    var written = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte >= 0x80 {
        let sequence = UTF8Sequence(in: bytes, at: position)
        if !sequence.isValid {
          output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[written..<position]))
          output.append(contentsOf: [0xEF, 0xBF, 0xBD])
          written = position + sequence.byteCount
        }
        position += sequence.byteCount
      } else if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[written..<position]))
        appendEscape(of: byte, to: &output)
        position += 1
        written = position
      } else {
        position += 1
      }
    }
    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[written..<position]))
    output.append(UInt8(ascii: "\""))
  }

  /// Appends a quoted, escaped string.
  public static func append(string text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { append(string: $0, to: &output) }
  }

  /// Appends an integer.
  public static func append(_ integer: Int64, to output: inout [UInt8]) {
    NumericText.append(integer, to: &output)
  }

  /// Appends a number in plain notation; `null` for infinity and NaN.
  public static func append(_ real: Double, to output: inout [UInt8]) {
    guard real.isFinite else { return appendNull(to: &output) }
    NumericText.append(real, to: &output)
  }

  /// Appends `true` or `false`.
  public static func append(_ truth: Bool, to output: inout [UInt8]) {
    output.append(contentsOf: (truth ? "true" : "false").utf8)
  }

  /// Appends `null`.
  public static func appendNull(to output: inout [UInt8]) {
    output.append(contentsOf: "null".utf8)
  }

  private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\n"): output.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\t"): output.append(UInt8(ascii: "t"))
    case UInt8(ascii: "\r"): output.append(UInt8(ascii: "r"))
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0..<0x20:
      output.append(contentsOf: "u00".utf8)
      output.append(UInt8(ascii: "0") &+ byte >> 4)
      let low = byte & 0xF
      output.append(low < 10 ? UInt8(ascii: "0") &+ low : UInt8(ascii: "a") &+ low &- 10)
    default: output.append(byte)
    }
  }
}
