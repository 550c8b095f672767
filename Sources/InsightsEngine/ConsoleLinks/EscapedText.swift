/// Percent-escapes in the console's links, where `%` may be written as `$`, and escapes may be
/// escaped again.
enum EscapedText {
  /// Returns the part after `#` of a link to a console page with logs; `nil` for other links.
  ///
  /// The link may be escaped inside another one, as sign-in pages forward links.
  static func fragment(of link: String) -> String? {
    var link = link
    for _ in 0..<3 {
      if let start = link.ranges(of: "#log").last?.lowerBound {
        return String(link[link.index(after: start)...])
      }
      link = unescaped(link)
    }
    return nil
  }

  /// Returns the address without the notation of chats and documents around it:
  /// `<https://…|label>`, `[label](https://…)`, quotes.
  static func address(in text: some StringProtocol) -> String {
    var text = Substring(text.drop(while: \.isWhitespace))
    while text.last?.isWhitespace == true { text.removeLast() }
    if text.first == "[", text.last == ")", let start = text.firstRange(of: "](")?.upperBound {
      return String(text[start...].dropLast())
    }
    if text.first == "<", text.last == ">" {
      return String(text.dropFirst().prefix { $0 != "|" && $0 != ">" })
    }
    if let first = text.first, "'\"`".contains(first), text.count > 1, text.last == first {
      text = text.dropFirst().dropLast()
    }
    return String(text)
  }

  /// Returns the text with `+` decoded as a blank, unless it contains blanks in another encoding.
  static func withBlanksOfForms(_ text: some StringProtocol) -> String {
    let blanks = [" ", "%20", "*20", "$20", "$2520", "%2520"]
    guard text.contains("+"), !blanks.contains(where: text.contains) else { return String(text) }
    return String(text).replacing("+", with: " ")
  }

  /// Returns the text with `%XX` decoded to bytes; `marks` are the characters that begin an escape.
  static func unescaped(_ text: some StringProtocol, marks: String = "%") -> String {
    let bytes = Array(text.utf8)
    let marks = Array(marks.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if marks.contains(bytes[index]), let byte = byte(in: bytes, at: index + 1) {
        result.append(byte)
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Decodes escapes in which `%` is written as `$`.
  static func unescapedFromDollars(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8)
    let percent = bytes.indices.map { index in
      bytes[index] == UInt8(ascii: "$") && byte(in: bytes, at: index + 1) != nil
        ? UInt8(ascii: "%") : bytes[index]
    }
    return unescaped(String(decoding: percent, as: UTF8.self))
  }

  /// Returns the byte that two hexadecimal digits encode.
  static func byte(in bytes: [UInt8], at index: Int) -> UInt8? {
    guard index + 1 < bytes.count, bytes[index].isHexadecimalDigit,
      bytes[index + 1].isHexadecimalDigit
    else { return nil }
    return UInt8(String(decoding: bytes[index...index + 1], as: UTF8.self), radix: 16)
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
