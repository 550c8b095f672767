internal import InsightsText

/// Wraps text to a width; longer words are broken, so that nothing is lost.
enum WrappedText {
  /// Wraps the words of a text; without a width the result is one line.
  static func words(of text: String, to width: Int?) -> [String] {
    guard let width else { return [text] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ") {
      for piece in pieces(of: word, width: width) {
        let length = DisplayWidth.columns(of: String(piece))
        // Break a word only if it does not fit on any line.
        let isFurtherPiece = piece.startIndex != word.startIndex
        if used > 0, isFurtherPiece || used + 1 + length > width {
          lines.append(line)
          (line, used) = (String(piece), length)
        } else {
          line += used > 0 ? " " + piece : String(piece)
          used += used > 0 ? 1 + length : length
        }
      }
    }
    return lines + [line]
  }

  /// Wraps a log line, keeping its spaces.
  ///
  /// Returns at most `lineLimit` lines; the last one ends with `…` if text was omitted.
  static func log(_ text: String, to width: Int?, lineLimit: Int) -> [String] {
    guard let width else { return [text] }
    var lines: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard lines.count + 1 < lineLimit else {
        lines.append(DisplayWidth.truncate(String(rest), to: width))
        break
      }
      var line = DisplayWidth.prefix(of: rest, columns: width)
      if line.endIndex < rest.endIndex, rest[line.endIndex] != " ",
        let blank = line.lastIndex(of: " "),
        // Not inside the indentation, and not too far from the end.
        DisplayWidth.columns(of: String(line[blank...])) <= width * 2 / 3
      {
        line = line[...blank]
      }
      lines.append(String(line).trimmingBlanksAtEnd())
      rest = rest[line.endIndex...]
      if !lines.isEmpty { rest = rest.drop { $0 == " " } }
    }
    return lines.isEmpty ? [""] : lines
  }

  private static func pieces(of word: Substring, width: Int) -> [Substring] {
    var pieces: [Substring] = []
    var rest = word
    while !rest.isEmpty {
      pieces.append(DisplayWidth.prefix(of: rest, columns: width))
      rest = rest[pieces[pieces.count - 1].endIndex...]
    }
    return pieces
  }
}

extension String {
  func trimmingBlanksAtEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
