internal import InsightsText

/// The identity of an error: its type, its message without variable parts, and its location.
enum Fingerprint {
  /// The number of frames included; outer callers differ between paths to the same fault.
  private static let frameLimit = 3

  /// Returns sixteen hexadecimal digits.
  static func of(
    type: String?, message: String?, frames: ArraySlice<RuntimeError.Frame>
  ) -> String {
    var text = Array((type ?? "").utf8)
    text.append(0)
    normalize(message ?? "", into: &text)
    for frame in frames.prefix(frameLimit) {
      // Line numbers change with every deployment; names of bundles and lambdas contain hashes.
      text.append(0)
      normalize(frame.file ?? "", into: &text)
      text.append(UInt8(ascii: " "))
      normalize(frame.function ?? "", into: &text)
    }
    var hash = ContentHash()
    text.withUnsafeBufferPointer { hash.update($0) }
    let digits = String(hash.value.high, radix: 16)
    return digits.utf8.count == 16
      ? digits : String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// Appends a message in which numbers, ids and quoted values are each replaced by a placeholder;
  /// `output` must not end with one.
  ///
  /// A quoted name is kept: a missing key 'customer_id' is another fault than a missing 'order_id'.
  private static func normalize(_ message: String, into output: inout [UInt8]) {
    var message = message
    message.withUTF8 { bytes in
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        if isQuote(byte), index == 0 || !isWordByte(bytes[index - 1]),
          let close = bytes[(index + 1)...].firstIndex(of: byte),
          !isName(bytes[index + 1..<close])
        {
          output.append(byte)
          output.append(UInt8(ascii: "*"))
          output.append(byte)
          index = close + 1
        } else if isWordByte(byte) {
          var end = index
          while end < bytes.count, isWordByte(bytes[end]) { end += 1 }
          append(bytes[index..<end], to: &output)
          index = end
        } else if isJoint(byte), output.last == sign, index + 1 < bytes.count,
          bytes[index + 1] &- 48 < 10
        {
          // `3.00`, `09:15:00` and `1,000` are one number each.
          index += 1
        } else {
          output.append(byte)
          index += 1
        }
      }
    }
  }

  private static let sign = UInt8(ascii: "#")

  /// Appends a word: a placeholder if it is a number or an id, otherwise the word with a
  /// placeholder for its digits.
  private static func append(_ word: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
    var runs = 0
    var wasDigit = false
    var letters = 0
    var isHexadecimal = true
    var hasUpper = false
    var hasLower = false
    for byte in word {
      let isDigit = byte &- 48 < 10
      if isDigit, !wasDigit { runs += 1 }
      wasDigit = isDigit
      let letter = (byte | 0x20) &- UInt8(ascii: "a")
      if letter < 26 {
        letters += 1
        hasUpper = hasUpper || byte < UInt8(ascii: "a")
        hasLower = hasLower || byte >= UInt8(ascii: "a")
      }
      isHexadecimal = isHexadecimal && (isDigit || letter < 6 || byte == UInt8(ascii: "-"))
    }
    guard runs > 0 else {
      output.append(contentsOf: word)
      return
    }
    let isID =
      letters == 0 || (isHexadecimal && word.count >= 8) || (runs > 1 && word.count >= 6)
      || (hasUpper && hasLower && word.count >= 12) || word.count >= 24
      || word.first.map { $0 &- 48 < 10 } == true
    if isID {
      if output.last != sign { output.append(sign) }
      return
    }
    for byte in word {
      if byte &- 48 >= 10 {
        output.append(byte)
      } else if output.last != sign {
        output.append(sign)
      }
    }
  }

  /// Whether a quoted text is a name in the code rather than a value.
  private static func isName(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    text.count <= 64
      && text.allSatisfy { byte in
        (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
      }
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`")
  }

  private static func isJoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",")
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
