internal import InsightsModel
internal import InsightsText

/// A position in the text of a filter pattern that advances token by token.
struct FilterPatternReader {
  let bytes: [UInt8]
  private(set) var position = 0
  /// The number of regexes parsed so far.
  private(set) var regexCount = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func advance() { position += 1 }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  mutating func skipBlanks() {
    while let current, Self.isBlank(current) { position += 1 }
  }

  /// Advances past spaces and a token, if it is next.
  mutating func skip(_ token: String) -> Bool {
    var next = self
    next.skipBlanks()
    guard bytes[next.position...].starts(with: token.utf8) else { return false }
    position = next.position + token.utf8.count
    return true
  }

  /// Advances past spaces and words, ignoring case, if they are next.
  mutating func skipWords(_ words: String...) -> Bool {
    var next = self
    for word in words {
      next.skipBlanks()
      let found = next.word { ($0 | 0x20) &- 0x61 < 26 }
      guard found.uppercased() == word else { return false }
    }
    self = next
    return true
  }

  /// Advances past the bytes that satisfy a predicate; returns them as text.
  mutating func word(_ isPart: (UInt8) -> Bool) -> String {
    let start = position
    while let current, isPart(current) { position += 1 }
    return text(start..<position)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The remaining text, for a message.
  var shownRest: String {
    position < bytes.count ? "'\(text(position..<bytes.count).prefix(20))'" : "the end"
  }

  func failure(
    _ message: String, from start: Int? = nil, help: String? = nil
  ) -> FilterPatternError {
    let start = min(start ?? position, bytes.count)
    return FilterPatternError(
      message: message, span: start..<max(start, min(position, bytes.count)), help: help)
  }

  /// Parses a text in double quotes; a backslash escapes a quote or another backslash.
  mutating func quoted() throws(FilterPatternError) -> String {
    let start = position
    var text: [UInt8] = []
    position += 1
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), let next = current,
        next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
      {
        position += 1
        text.append(next)
      } else {
        text.append(byte)
      }
    }
    throw failure("quote is not closed", from: start)
  }

  /// Parses a regex between percent signs.
  mutating func regex() throws(FilterPatternError) -> String {
    let start = position
    position += 1
    var pattern: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "%") {
      try checkRegex()
      if byte == UInt8(ascii: "\\") {
        pattern.append(byte)
        position += 1
      }
      pattern.append(current ?? byte)
      position += 1
    }
    guard current == UInt8(ascii: "%") else {
      throw failure("regex is not closed by '%'", from: start)
    }
    position += 1
    guard !pattern.isEmpty else { throw failure("regex is empty", from: start) }
    let text = String(decoding: pattern, as: UTF8.self)
    do throws(RegularExpressionError) {
      _ = try RegularExpression(pattern: text)
    } catch {
      position = start + 1 + error.offset
      throw failure("regex is not understood: \(error.message)")
    }
    regexCount += 1
    return text
  }

  /// Checks the next character of a regex: AWS's regexes support less than usual.
  private func checkRegex() throws(FilterPatternError) {
    let byte = bytes[position]
    let isAlphanumeric = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
    if byte == UInt8(ascii: "\\") {
      guard position + 1 < bytes.count else { return }
      let next = bytes[position + 1]
      let isLetter = (next | 0x20) &- 0x61 < 26
      let isClass = "dDsSwWx".utf8.contains(next)
      if next < 0x80, !isLetter || isClass { return }
      let shown = next < 0x80 ? "\\\(Character(Unicode.Scalar(next)))" : "\\"
      throw failure(
        "AWS takes no '\(shown)' in a regex", help: "it has \\d \\D \\s \\S \\w \\W \\xhh")
    }
    guard !isAlphanumeric, !":_#=@/;,- ^$?[]{}|*+.".utf8.contains(byte) else { return }
    let shown = text(position..<bytes.count).first.map { "'\($0)'" } ?? "this"
    throw failure(
      "AWS takes no \(shown) in a regex",
      help: byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
        ? "its regexes have no groups" : nil)
  }
}

/// The value in a comparison.
enum PatternValue: Hashable, Sendable {
  /// A text in which `*` matches anything.
  case text(String)
  case number(Value)
  case regex(String)

  /// Parses a value up to a space, or one of the `ends`.
  init(_ reader: inout FilterPatternReader, ends: String) throws(FilterPatternError) {
    reader.skipBlanks()
    let start = reader.position
    switch reader.current {
    case UInt8(ascii: "%"):
      self = .regex(try reader.regex())
      guard reader.regexCount <= FilterPattern.regexLimit else {
        throw reader.failure(
          "pattern has more than \(FilterPattern.regexLimit) regexes", from: start)
      }
    case UInt8(ascii: "\""): self = .text(try reader.quoted())
    default:
      let word = reader.word { !FilterPatternReader.isBlank($0) && !ends.utf8.contains($0) }
      guard !word.isEmpty else { throw reader.failure("a value is missing", from: start) }
      guard !word.utf8.contains(where: { "\"%(){}[]=<>!".utf8.contains($0) }) else {
        throw reader.failure(
          "value '\(word)' has signs of patterns in it", from: start,
          help: "put it in double quotes")
      }
      let number = BoundExpression.literal(.text(word)).numericLiteral
      self = number.map { .number($0) } ?? .text(word)
    }
  }

  /// Returns a regex for the whole text if it contains a `*`; otherwise `nil`.
  static func wildcardRegex(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "*")) else { return nil }
    let parts = text.split(separator: "*", omittingEmptySubsequences: false).map { part in
      part.map { "\\^$.|?*+()[]{}#-".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }
    return "(?s)\\A\(parts.joined(separator: ".*"))\\z"
  }
}
