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

/// The shapes of log stream names.
enum LogStreamName {
  /// Whether bytes are a name as Lambda gives it (`2026/02/11/[$LATEST]9f8e…`), or 32 hexadecimal
  /// digits, as API Gateway does.
  static func recognizes(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
    let start = range.lowerBound
    if range.count > 12, text[start + 4] == UInt8(ascii: "/"), text[start + 7] == UInt8(ascii: "/"),
      text[start + 10] == UInt8(ascii: "/")
    {
      return text[start..<start + 4].allSatisfy { $0 &- 48 < 10 }
        && text[range].contains(UInt8(ascii: "["))
    }
    return range.count == 32
      && text[range].allSatisfy { $0 &- 48 < 10 || $0 &- UInt8(ascii: "a") < 6 }
  }
}

/// Terminal control sequences.
enum ANSISequence {
  static let escape: UInt8 = 0x1B

  /// The offset after the CSI or OSC sequence at `start`; `nil` where there is none.
  static func end(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard start + 1 < text.count, text[start] == escape else { return nil }
    var index = start + 2
    switch text[start + 1] {
    case UInt8(ascii: "["):
      while index < text.count, text[index] < 0x40 { index += 1 }
      return index < text.count ? index + 1 : nil
    case UInt8(ascii: "]"):
      // Ends in BEL, or in ESC and a backslash; one that never ends is none.
      while index < text.count, index - start < 4096 {
        if text[index] == 0x07 { return index + 1 }
        if text[index] == escape { return min(index + 2, text.count) }
        index += 1
      }
      return nil
    default: return nil
    }
  }

  /// The text without its sequences.
  static func stripped(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      if let end = end(in: text, at: index) {
        index = end
      } else {
        output.append(text[index])
        index += 1
      }
    }
    return output
  }
}
