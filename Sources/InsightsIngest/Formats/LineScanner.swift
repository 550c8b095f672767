internal import InsightsText

/// Advances over the parts of a line's prefix; colour sequences between them are skipped.
struct LineScanner {
  let text: UnsafeBufferPointer<UInt8>
  var index: Int

  init(_ text: UnsafeBufferPointer<UInt8>, at start: Int) {
    self.text = text
    index = start
  }

  /// Advances past colour sequences (`ESC [ … m` and similar ones).
  mutating func skipColours() {
    while let end = ANSISequence.end(in: text, at: index) { index = end }
  }

  /// Advances past `byte` if it is next.
  mutating func skip(_ byte: UInt8) -> Bool {
    skipColours()
    guard index < text.count, text[index] == byte else { return false }
    index += 1
    skipColours()
    return true
  }

  mutating func skip(_ words: StaticString) -> Bool {
    skipColours()
    guard text.holds(words, at: index) else { return false }
    index += words.utf8CodeUnitCount
    skipColours()
    return true
  }

  /// Advances past spaces; returns false if there are none.
  mutating func skipSpaces() -> Bool {
    guard skip(UInt8(ascii: " ")) else { return false }
    while skip(UInt8(ascii: " ")) {}
    return true
  }

  /// Parses a time in a form of `Timestamp.parseISO8601`.
  mutating func time() -> (milliseconds: Int64, range: Range<Int>)? {
    skipColours()
    guard let match = Timestamp.parseISO8601(text, at: index) else { return nil }
    let start = index
    index = match.end
    skipColours()
    return (match.milliseconds, start..<match.end)
  }

  /// Parses bytes up to white space or a colour sequence.
  mutating func word() -> Range<Int>? {
    skipColours()
    let start = index
    while index < text.count, text[index] > 0x20 { index += 1 }
    guard index > start else { return nil }
    let range = start..<index
    skipColours()
    return range
  }

  /// Parses a word that looks like the name of a log stream.
  mutating func stream() -> Range<Int>? {
    let start = index
    if let range = word(), LogStreamName.recognizes(text, in: range) { return range }
    index = start
    return nil
  }
}
