internal import InsightsText

/// What makes two errors the same fault: type, message without its particulars, and place.
enum Fingerprint {
  /// Frames that take part; deeper callers differ between ways to the same fault.
  private static let frameLimit = 3

  /// Sixteen hexadecimal digits.
  static func of(type: String?, message: String?, frames: [RuntimeError.Frame]) -> String {
    var text = Array((type ?? "").utf8)
    text.append(0)
    text.append(contentsOf: normalized(message ?? ""))
    for frame in frames.prefix(frameLimit) {
      text.append(0)
      text.append(contentsOf: (frame.file ?? "").utf8)
      text.append(UInt8(ascii: " "))
      text.append(contentsOf: (frame.function ?? "").utf8)
    }
    var hash = ContentHash()
    text.withUnsafeBufferPointer { hash.update($0) }
    return String(hash.text.prefix(16))
  }

  /// The message with quoted values, numbers and ids replaced by one sign each.
  static func normalized(_ message: String) -> [UInt8] {
    var output: [UInt8] = []
    let bytes = Array(message.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`"),
        index == 0 || !isWordByte(bytes[index - 1]),
        let close = bytes[(index + 1)...].firstIndex(of: byte)
      {
        output.append(contentsOf: [byte, UInt8(ascii: "*"), byte])
        index = close + 1
      } else if isWordByte(byte) {
        var end = index
        var hasDigit = false
        while end < bytes.count, isWordByte(bytes[end]) {
          hasDigit = hasDigit || bytes[end] &- 48 < 10
          end += 1
        }
        if hasDigit {
          if output.last != UInt8(ascii: "#") { output.append(UInt8(ascii: "#")) }
        } else {
          output.append(contentsOf: bytes[index..<end])
        }
        index = end
      } else {
        output.append(byte)
        index += 1
      }
    }
    return output
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
