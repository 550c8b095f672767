internal import InsightsText

/// Moves over the parts of a line's beginning; colour sequences between them are passed over.
struct LineScanner {
  let text: UnsafeBufferPointer<UInt8>
  var index: Int

  init(_ text: UnsafeBufferPointer<UInt8>, at start: Int) {
    self.text = text
    index = start
  }

  /// Moves over colour sequences (`ESC [ … m` and its relatives).
  mutating func skipColours() {
    while let end = ANSISequence.end(in: text, at: index) { index = end }
  }

  /// Moves over `byte` if it is next.
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

  /// Moves over spaces; false where there is none.
  mutating func skipSpaces() -> Bool {
    guard skip(UInt8(ascii: " ")) else { return false }
    while skip(UInt8(ascii: " ")) {}
    return true
  }

  /// Moves over a time as `Timestamp.parseISO8601` reads it.
  mutating func time() -> (milliseconds: Int64, range: Range<Int>)? {
    skipColours()
    guard let match = Timestamp.parseISO8601(text, at: index) else { return nil }
    let start = index
    index = match.end
    skipColours()
    return (match.milliseconds, start..<match.end)
  }

  /// Moves over bytes that are neither white space nor the beginning of a colour sequence.
  mutating func word() -> Range<Int>? {
    skipColours()
    let start = index
    while index < text.count, text[index] > 0x20 { index += 1 }
    guard index > start else { return nil }
    let range = start..<index
    skipColours()
    return range
  }

  /// Moves over a word that looks like the name of a log stream.
  mutating func stream() -> Range<Int>? {
    let start = index
    if let range = word(), LogStreamName.recognizes(text, in: range) { return range }
    index = start
    return nil
  }
}
