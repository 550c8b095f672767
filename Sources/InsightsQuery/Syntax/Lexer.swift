/// Splits the text of a query into tokens.
///
/// It never fails: unreadable text becomes an `invalid` token and a diagnostic. `#` starts a
/// comment outside strings, regexes and backticks. A `/` starts a regex where an operand must
/// follow (after `like`, `=~`, `(`, `,`, an operator, or the field of `parse`); elsewhere it is
/// division. Names consist of letters and digits of any script, `_`, `@` and `.`; other characters
/// beyond ASCII are white space or an error, so that pasted quotes are never part of a name.
public struct Lexer {
  private let source: SourceText
  private var position = 0
  private var tokens: [Token] = []
  private var diagnostics: [Diagnostic] = []

  private init(_ source: SourceText) {
    self.source = source
  }

  /// Returns the tokens of a query, ended by `endOfQuery`, and the diagnostics.
  public static func tokens(of source: SourceText) -> (tokens: [Token], diagnostics: [Diagnostic]) {
    var lexer = Lexer(source)
    lexer.run()
    return (lexer.tokens, lexer.diagnostics)
  }

  private mutating func run() {
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        position += 1
      case UInt8(ascii: "#"):
        while let next = peek(), next != UInt8(ascii: "\n") { position += 1 }
      case UInt8(ascii: "\""), UInt8(ascii: "'"): lexString(quote: byte)
      case UInt8(ascii: "`"): lexQuotedName()
      case UInt8(ascii: "/") where operandMustFollow: lexRegex()
      case UInt8(ascii: "0")...UInt8(ascii: "9"): lexNumber()
      case _ where nameStartLength(at: position) > 0: lexWord()
      default: lexSymbol()
      }
    }
    emit(.endOfQuery, from: position)
  }

  // MARK: Names and numbers

  private mutating func lexWord() {
    let start = position
    skipName()
    // The dot before a key in backticks joins it to the name.
    if peek() == UInt8(ascii: "`"), source.bytes[position - 1] == UInt8(ascii: "."),
      position - 1 > start
    {
      position -= 1
    }
    emit(.word(source[start..<position]), from: start)
  }

  private mutating func lexQuotedName() {
    let start = position
    position += 1
    while let byte = peek(), byte != UInt8(ascii: "`") { position += 1 }
    guard peek() != nil else {
      return unterminated("name", quote: "`", from: start)
    }
    position += 1
    let name = source[(start + 1)..<(position - 1)]
    guard !name.unicodeScalars.contains("\0") else {
      return invalid("unexpected-character", "a name cannot hold a NUL character", from: start)
    }
    emit(.quotedName(name), from: start)
  }

  private mutating func lexNumber() {
    let start = position
    skipDigits()
    var isReal = false
    if peek() == UInt8(ascii: "."), let next = peek(1), isDigit(next) {
      isReal = true
      position += 1
      skipDigits()
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "-") || peek(1) == UInt8(ascii: "+") ? 1 : 0
      if let digit = peek(1 + sign), isDigit(digit) {
        isReal = true
        position += 1 + sign
        skipDigits()
      }
    }
    let digits = source[start..<position]
    if nameStartLength(at: position) > 0 {
      let unitStart = position
      skipName()
      guard !isReal, let count = Int64(digits) else {
        return invalid(
          "malformed-number", "'\(source[start..<position])' is neither a number nor a period",
          from: start, help: "a period is a whole number and a unit: 5m, 30s, 1h")
      }
      return emit(.period(count, unit: source[unitStart..<position]), from: start)
    }
    if !isReal, let number = Int64(digits) {
      emit(.integer(number), from: start)
    } else if let number = Double(digits), number.isFinite {
      emit(.real(number), from: start)
    } else {
      invalid("malformed-number", "number '\(digits)' is too large", from: start)
    }
  }

  // MARK: Strings and regexes

  private mutating func lexString(quote: UInt8) {
    let start = position
    var text: [UInt8] = []
    position += 1
    while let byte = peek(), byte != quote {
      // A backslash escapes a quote or itself; before anything else it is kept, so that "\d+" after
      // =~ works as a regex.
      if byte == UInt8(ascii: "\\"), let next = peek(1),
        next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") || next == UInt8(ascii: "\\")
      {
        text.append(next)
        position += 2
      } else {
        text.append(byte)
        position += 1
      }
    }
    guard peek() != nil else {
      return unterminated("string", quote: String(UnicodeScalar(quote)), from: start)
    }
    position += 1
    emit(.string(String(decoding: text, as: UTF8.self)), from: start)
  }

  private mutating func lexRegex() {
    let start = position
    var pattern: [UInt8] = []
    position += 1
    while let byte = peek(), byte != UInt8(ascii: "/") {
      if byte == UInt8(ascii: "\\"), let next = peek(1) {
        if next != UInt8(ascii: "/") { pattern.append(byte) }
        pattern.append(next)
        position += 2
      } else {
        pattern.append(byte)
        position += 1
      }
    }
    guard peek() != nil else {
      return unterminated("regex", quote: "/", from: start)
    }
    position += 1
    emit(.regex(String(decoding: pattern, as: UTF8.self)), from: start)
  }

  /// Whether a slash here cannot be division, because no operand precedes it.
  private var operandMustFollow: Bool {
    guard let last = tokens.last, !isInSource else { return false }
    switch last.kind {
    case .symbol("]"): return isParseCommand(at: indexBeforeField)
    case .symbol(let symbol): return symbol != ")" && symbol != "*"
    case .word, .quotedName:
      if last.isKeyword("like") || isParseCommand(at: tokens.count - 1) { return true }
      // `parse @message /…/`: the slash follows the command's field.
      return isParseCommand(at: indexBeforeField)
    default: return false
    }
  }

  /// Whether the current command is `SOURCE`, which has no regexes, so a slash is part of a name.
  private var isInSource: Bool {
    let start = tokens.lastIndex { $0.isSymbol("|") || $0.isSymbol("(") }.map { $0 + 1 } ?? 0
    return start < tokens.count && tokens[start].isKeyword("source")
  }

  /// The index of the token before the field, such as ``j.`a b`[0]``, at the end of the tokens.
  private var indexBeforeField: Int {
    var index = tokens.count - 1
    while index > 0, tokens[index - 1].span.upperBound == tokens[index].span.lowerBound {
      index -= 1
    }
    return index - 1
  }

  private func isParseCommand(at index: Int) -> Bool {
    guard tokens.indices.contains(index), tokens[index].isKeyword("parse") else { return false }
    if index == 0 || tokens[index - 1].isSymbol("|") { return true }
    // The first command of a subquery.
    return index > 1 && tokens[index - 1].isSymbol("(")
      && (tokens[index - 2].isKeyword("in") || tokens[index - 2].isKeyword("appendcols"))
  }

  // MARK: Symbols

  private static let longSymbols = ["==", "!=", "<=", ">=", "=~"]
  private static let shortSymbols = Set("|,:()[]{}=<>+-*/%^!.".utf8)

  private mutating func lexSymbol() {
    let start = position
    if let long = Self.longSymbols.first(where: { source.bytes[start...].starts(with: $0.utf8) }) {
      position += 2
      return emit(.symbol(long), from: start)
    }
    if let foreign = Self.foreignOperators.first(where: {
      source.bytes[start...].starts(with: $0.utf8)
    }) {
      position += foreign.utf8.count
      let right = nextText
      let line = ForeignSyntax.line(for: foreign, in: ForeignSyntax.signs) { place in
        place == "right" ? right?.text : nil
      }.map {
        command(with: $0, from: start, to: $0.hasSuffix(right?.text ?? " ") ? right?.end : nil)
      }
      return invalid(
        "unknown-operator", "unknown operator '\(foreign)'", from: start,
        help: line.map { "write: \($0)" })
    }
    guard let byte = peek(), Self.shortSymbols.contains(byte) else { return lexOther() }
    position += 1
    emit(.symbol(source[start..<position]), from: start)
    // A dot is followed by a key, which may start with a digit.
    if byte == UInt8(ascii: "."), let next = peek(), next != byte, isNameCharacter(at: position) {
      lexWord()
    }
  }

  /// Operators of other languages, longest first.
  private static let foreignOperators = ForeignSyntax.signs.flatMap(\.words)
    .sorted { $0.utf8.count > $1.utf8.count }

  /// Returns the current command with a range replaced; without an end, only the operator is
  /// replaced.
  private func command(with text: String, from start: Int, to end: Int?) -> String {
    let end = end ?? position
    let bar = tokens.lastIndex { $0.isSymbol("|") }
    let first = tokens.dropFirst(bar.map { $0 + 1 } ?? 0).first?.span.lowerBound ?? start
    var last = end
    while last < source.bytes.count, source.bytes[last] != UInt8(ascii: "|") { last += 1 }
    while last > end, source.bytes[last - 1] <= 0x20 { last -= 1 }
    return source[min(first, start)..<start] + text + source[end..<last]
  }

  /// The next quoted text, regex or word, as written, and its end.
  private var nextText: (text: String, end: Int)? {
    var start = position
    while start < source.bytes.count, source.bytes[start] == UInt8(ascii: " ") { start += 1 }
    guard start < source.bytes.count else { return nil }
    let first = source.bytes[start]
    let isQuoted = "\"'`/".utf8.contains(first)
    var end = start + 1
    while end < source.bytes.count {
      let byte = source.bytes[end]
      if isQuoted, byte == first { return (source[start..<(end + 1)], end + 1) }
      if !isQuoted, byte <= 0x20 || "|,()".utf8.contains(byte) { break }
      end += 1
    }
    return isQuoted ? nil : (source[start..<end], end)
  }

  /// Lexes white space as web pages and chats paste it, or an invalid character.
  private mutating func lexOther() {
    let start = position
    guard let scalar = scalar(at: start) else {
      position += 1
      return
    }
    position += scalar.utf8.count
    switch scalar {
    // A byte order mark and a zero-width space are invisible, like white space.
    case "\u{FEFF}", "\u{200B}": break
    case _ where scalar.properties.isWhitespace: break
    default:
      let help =
        if scalar == ";" {
          "leave it out: a query ends without ';', and commands are joined by '|'"
        } else if scalar.properties.isQuotationMark {
          "text stands in straight quotes: \"text\" or 'text'"
        } else {
          "names with special characters stand in backticks, text in quotes"
        }
      invalid(
        "unexpected-character", "unexpected character '\(scalar)'", from: start, help: help)
    }
  }

  // MARK: Bytes

  private func peek(_ distance: Int = 0) -> UInt8? {
    let index = position + distance
    return index < source.bytes.count ? source.bytes[index] : nil
  }

  private mutating func skipDigits() {
    while let byte = peek(), isDigit(byte) { position += 1 }
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func skipName() {
    while isNameCharacter(at: position) { position += max(nameStartLength(at: position), 1) }
  }

  private func isNameCharacter(at index: Int) -> Bool {
    if nameStartLength(at: index) > 0 { return true }
    guard index < source.bytes.count else { return false }
    return isDigit(source.bytes[index]) || source.bytes[index] == UInt8(ascii: ".")
  }

  /// Returns the number of bytes of the character at an index if a name can begin with it,
  /// otherwise 0.
  private func nameStartLength(at index: Int) -> Int {
    guard index < source.bytes.count else { return 0 }
    let byte = source.bytes[index]
    guard byte >= 0x80 else {
      let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
      return isLetter || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "@") ? 1 : 0
    }
    guard let scalar = scalar(at: index), scalar.properties.isXIDContinue else { return 0 }
    return scalar.utf8.count
  }

  /// Returns the character at an index; the text is valid UTF-8.
  private func scalar(at index: Int) -> Unicode.Scalar? {
    String(decoding: source.bytes[index...].prefix(4), as: UTF8.self).unicodeScalars.first
  }

  // MARK: Results

  private mutating func emit(_ kind: Token.Kind, from start: Int) {
    tokens.append(Token(kind: kind, span: start..<position))
  }

  private mutating func invalid(
    _ id: String, _ message: String, from start: Int, help: String? = nil
  ) {
    emit(.invalid, from: start)
    diagnostics.append(
      Diagnostic(.error, id, message, at: start..<position, help: help.map { [$0] } ?? []))
  }

  private mutating func unterminated(_ what: String, quote: String, from start: Int) {
    emit(.invalid, from: start)
    diagnostics.append(
      Diagnostic(
        .error, "unterminated-\(what)", "\(what) has no closing \(quote)",
        at: start..<min(start + 1, position), help: ["add \(quote) where the \(what) ends"]))
  }
}
