/// Makes text safe for one line of a terminal.
///
/// Line breaks become ` ↵ `, tabs a space, and control codes (escape sequences, direction
/// overrides) a visible character, so that a log cannot manipulate the screen.
public enum PrintableText {
  /// Makes `bytes[start...]` printable in place, and removes white space at its end.
  static func makePrintable(from start: Int, in bytes: inout [UInt8]) {
    while bytes.count > start, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[bytes.count - 1]) {
      bytes.removeLast()
    }
    // Most cells are printable already.
    guard let first = bytes[start...].firstIndex(where: mayBeUnprintable) else { return }
    let text = Array(bytes[first...])
    bytes.removeSubrange(first...)
    var index = 0
    while index < text.count {
      guard mayBeUnprintable(text[index]), let found = replacement(at: index, in: text) else {
        bytes.append(text[index])
        index += 1
        continue
      }
      bytes.append(contentsOf: found.replacement.utf8)
      index += found.length
    }
  }

  /// Whether `text` has a line break before its end.
  static func isMultiline(_ text: String) -> Bool {
    guard let lineBreak = text.utf8.firstIndex(of: UInt8(ascii: "\n")) else { return false }
    return text.utf8[lineBreak...].contains { $0 > UInt8(ascii: " ") }
  }

  /// The lines of `text`, each made printable, without empty lines at the start and end.
  static func lines(of text: String) -> [String] {
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { line in
        var bytes = Array(line)
        makePrintable(from: 0, in: &bytes)
        return String(decoding: bytes, as: UTF8.self)
      }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines.drop(while: \.isEmpty))
  }

  /// Makes `text` printable in one line.
  public static func line(of text: String) -> String {
    var bytes = Array(text.utf8)
    makePrintable(from: 0, in: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether `byte` begins a sequence that is, or may be, replaced.
  private static func mayBeUnprintable(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2
  }

  private static let lineBreak = " ↵ "
  private static let unprintable = "\u{FFFD}"

  /// Returns the replacement for the bytes at `index`, and their number; `nil` for printable bytes.
  private static func replacement(at index: Int, in text: [UInt8])
    -> (length: Int, replacement: String)?
  {
    func byte(_ offset: Int) -> UInt8 {
      index + offset < text.count ? text[index + offset] : 0
    }
    switch (byte(0), byte(1), byte(2)) {
    case (0x0D, 0x0A, _): return (2, lineBreak)
    case (0x0A, _, _), (0x0D, _, _): return (1, lineBreak)
    case (0x09, _, _): return (1, " ")
    case (0x00...0x1F, _, _):
      // Unicode has a symbol for each control character from U+2400 on.
      return (1, String(Unicode.Scalar(0x2400 + UInt16(byte(0))) ?? "?"))
    case (0x7F, _, _): return (1, "␡")
    case (0xC2, 0x80...0x9F, _): return (2, unprintable)  // U+0080 to U+009F, as CSI
    case (0xE2, 0x80, 0xA8...0xA9): return (3, lineBreak)  // U+2028, U+2029
    case (0xE2, 0x80, 0xAA...0xAE), (0xE2, 0x81, 0xA6...0xA9):
      return (3, unprintable)  // direction overrides
    default: return nil
    }
  }
}
