internal import InsightsText

/// Times at the beginning of lines: of the lines themselves, and of prefixes.
enum LineTime {
  /// Returns the time that a text starts with, in the layouts of the runtimes' loggers; digits
  /// alone are not a time.
  static func own(of text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int64? {
    guard start < text.count, text[start] != UInt8(ascii: "{") else { return nil }
    let first = text[start]
    if first &- 48 < 10 {
      if let match = Timestamp.parseISO8601(text, at: start) { return match.milliseconds }
      let head = text[start..<min(start + 5, text.count)]
      return head.allSatisfy { $0 &- 48 < 10 }
        ? nil : Timestamp.parseAny(text, at: start)?.milliseconds
    }
    if first == UInt8(ascii: "[") {
      // PHP and others write it in brackets, Python after the level.
      if let time = own(inBrackets: text, at: start + 1) { return time }
    } else if first == UInt8(ascii: "t"), text.holds("time=", at: start) {
      let quote = text.holds("\"", at: start + 5) ? 1 : 0
      return Timestamp.parseISO8601(text, at: start + 5 + quote)?.milliseconds
    }
    guard let index = levelEnd(text, at: start) else {
      // Wed Feb 11 09:15:00 UTC 2026
      return first &- UInt8(ascii: "A") < 26
        ? Timestamp.parseAny(text, at: start)?.milliseconds : nil
    }
    let bracket = text.holds("[", at: index) ? 1 : 0
    return Timestamp.parseISO8601(text, at: index + bracket)?.milliseconds
  }

  private static func own(
    inBrackets text: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Int64? {
    guard start < text.count, text[start] &- 48 < 10 else { return nil }
    if let match = Timestamp.parseISO8601(text, at: start) { return match.milliseconds }
    let head = text[start..<min(start + 5, text.count)]
    return head.allSatisfy { $0 &- 48 < 10 }
      ? nil : Timestamp.parseAny(text, at: start)?.milliseconds
  }

  private static let levels: [StaticString] = [
    "INFO", "ERROR", "WARNING", "WARN", "DEBUG", "TRACE", "FATAL", "CRITICAL", "NOTICE",
    "UNDEFINED",
  ]

  /// Returns the end of a level, in brackets or not, and of the separator after it.
  ///
  /// Ruby's loggers begin with a letter: `I, [time`.
  static func levelEnd(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    var index = start
    let hasBracket = text.holds("[", at: index)
    if hasBracket { index += 1 }
    let wordStart = index
    while index < text.count, index - wordStart < 10,
      (text[index] | 0x20) &- UInt8(ascii: "a") < 26
    {
      index += 1
    }
    let isRuby = index - wordStart == 1 && text.holds(", [", at: index)
    guard isRuby || levels.contains(where: { isLevel($0, text, wordStart..<index) }) else {
      return nil
    }
    if hasBracket {
      guard text.holds("]", at: index) else { return nil }
      index += 1
    }
    if text.holds(":", at: index) || text.holds(",", at: index) { index += 1 }
    let end = index
    while index < text.count, text[index] == 0x20 || text[index] == 0x09 { index += 1 }
    return index > end ? index : nil
  }

  private static func isLevel(
    _ level: StaticString, _ text: UnsafeBufferPointer<UInt8>, _ word: Range<Int>
  ) -> Bool {
    guard word.count == level.utf8CodeUnitCount else { return false }
    return zip(text[word], UnsafeBufferPointer(start: level.utf8Start, count: word.count))
      .allSatisfy { $0 & 0xDF == $1 }
  }

  /// Parses a time in a column, with or without brackets or quotes around it.
  static func column(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Timestamp.Match? {
    guard start < text.count else { return nil }
    let close = closing(text[start])
    let inner = close == nil ? start : start + 1
    guard inner < text.count, text[inner] &- 48 < 10,
      let match = Timestamp.parseAny(text, at: inner)
    else { return nil }
    guard let close else { return match }
    guard match.end < text.count, text[match.end] == close else { return nil }
    return (match.milliseconds, match.end + 1)
  }

  /// Returns the closing character of the brackets or quotes around a time.
  private static func closing(_ open: UInt8) -> UInt8? {
    switch open {
    case UInt8(ascii: "["): UInt8(ascii: "]")
    case UInt8(ascii: "("): UInt8(ascii: ")")
    case UInt8(ascii: "<"): UInt8(ascii: ">")
    case UInt8(ascii: "\""): UInt8(ascii: "\"")
    default: nil
    }
  }

  /// A time before a line.
  struct Outer {
    var milliseconds: Int64
    /// The start of the line after it.
    var end: Int
    /// Whether its form lacks the year.
    var lacksYear: Bool
  }

  /// Parses a time that may be the prefix of a line, and the separator after it: a space, a TAB, a
  /// comma, a semicolon, a bar, a dash or a colon, and brackets around the time.
  static func outer(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Outer? {
    guard start < text.count else { return nil }
    var index = start
    let close = closing(text[start])
    if close != nil { index += 1 }
    // Most lines begin with neither a digit nor the name of a day.
    guard index < text.count, text[index] &- 48 < 10 || text[index] &- UInt8(ascii: "A") < 26 else {
      return nil
    }
    let inner = index
    let time: Int64
    var lacksYear = false
    if let match = Timestamp.parseAny(text, at: index) {
      time = match.milliseconds
      index = match.end
    } else if text[inner] &- UInt8(ascii: "A") < 26, let match = SyslogTime.read(text, at: &index) {
      time = match
      lacksYear = true
    } else {
      return nil
    }
    if let close {
      guard index < text.count, text[index] == close else { return nil }
      index += 1
    }
    let timeEnd = index
    while index < text.count, text[index] == 0x20 { index += 1 }
    let marks = ",;|:->".utf8
    guard index < text.count else { return nil }
    if text[index] == 0x09 {
      return Outer(milliseconds: time, end: index + 1, lacksYear: lacksYear)
    }
    // A dash may be the sign of a number.
    let isSign =
      text[index] == UInt8(ascii: "-") && index + 1 < text.count && text[index + 1] &- 48 < 10
    if marks.contains(text[index]), !isSign {
      // A single separator such as ` | `, ` - ` or `,`, and a space after it.
      index += 1
      if index < text.count, text[index] == 0x20 { index += 1 }
      return Outer(milliseconds: time, end: index, lacksYear: lacksYear)
    }
    // Further spaces may be the line's own indentation.
    return index > timeEnd
      ? Outer(milliseconds: time, end: timeEnd + 1, lacksYear: lacksYear) : nil
  }
}
