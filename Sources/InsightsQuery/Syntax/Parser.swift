/// Parses tokens to a syntax tree.
///
/// It never fails and never traps: an invalid command is dropped and reported, and parsing
/// continues at the next `|`.
public struct Parser {
  /// The maximum depth of expressions; deeper ones are an error rather than a stack overflow.
  static let depthLimit = 200

  /// The maximum number of operators in one expression.
  static let operatorLimit = 500

  /// The maximum number of commands in one query.
  static let commandLimit = 500

  /// The maximum length of a query in bytes, as in AWS's StartQuery.
  public static let queryByteLimit = 10_000

  let source: SourceText
  private let tokens: [Token]
  private var position = 0
  /// The nesting depth of the current expression, and the operators in all enclosing ones.
  var depth = 0
  var operatorCount = 0
  private var isInSubquery = false
  private(set) var diagnostics: [Diagnostic]
  /// The start of the current command.
  private(set) var commandStart = 0

  /// Whether to suggest a translation for a command that does not compile.
  private let suggests: Bool

  private init(_ source: SourceText, suggests: Bool = true) {
    self.source = source
    self.suggests = suggests
    (tokens, diagnostics) = Lexer.tokens(of: source)
  }

  /// Parses a whole query; returns its syntax tree and the diagnostics.
  ///
  /// The tree contains what could be parsed; it is complete if no diagnostic is an error.
  public static func parse(_ source: SourceText) -> (syntax: QuerySyntax, diagnostics: [Diagnostic])
  {
    guard source.bytes.count <= queryByteLimit else {
      let message = "query has \(source.bytes.count) bytes; at most \(queryByteLimit) are read"
      return (
        QuerySyntax(source: nil, commands: []),
        [Diagnostic(.error, "query-too-long", message, at: queryByteLimit..<source.bytes.count)]
      )
    }
    var parser = Parser(source)
    let syntax = parser.parseQuery()
    return (syntax, parser.diagnostics)
  }

  private mutating func parseQuery() -> QuerySyntax {
    var sourceCommand: SourceCommand?
    var commands: [any Command] = []
    // A leading '|' is accepted as a separator.
    _ = takeSymbol("|")
    if isAtCommandEnd, !current.isSymbol("|") {
      report(
        "empty-query", isInSubquery ? "subquery is empty" : "query is empty", at: current.span,
        help: ["start with: fields @timestamp, @message | limit 20"])
      return QuerySyntax(source: nil, commands: [])
    }
    while true {
      let start = position
      let end = commandEnd
      guard commands.count < Self.commandLimit else {
        report(
          "too-many-commands", "query has more than \(Self.commandLimit) commands",
          at: current.span)
        break
      }
      let command = parseCommand(isFirst: commands.isEmpty)
      if let command = command?.source {
        if let first = sourceCommand, first.joined(with: command) == nil {
          let start = command.span.lowerBound
          reportMisplacedSource(at: start..<start + "SOURCE".utf8.count)
        }
        sourceCommand = sourceCommand?.joined(with: command) ?? command
      } else if let command {
        commands.append(command)
      }
      if command == nil {
        skipToNextCommand(from: start)
        suggestLine(upTo: end)
      } else if !isAtCommandEnd {
        var help: [String] = []
        if case .word(let word) = current.kind, CommandRegistry.command(named: word) != nil {
          help = ["a command follows a '|': | \(word)"]
        }
        reportUnexpected(
          expected: isInSubquery ? "'|' or ')'" : "'|' or the end of the query", help: help)
        skipToNextCommand(from: start)
        suggestLine(upTo: end)
      }
      guard takeSymbol("|") else { break }
    }
    return QuerySyntax(source: sourceCommand, commands: commands)
  }

  /// The end of the command that begins here.
  private var commandEnd: Int {
    var parser = self
    while !parser.isAtCommandEnd { parser.advance() }
    return parser.current.span.lowerBound
  }

  /// Suggests a translation for the erroneous command that ends at `end`.
  private mutating func suggestLine(upTo end: Int) {
    guard suggests, !isInSubquery, commandStart < end,
      let index = diagnostics.firstIndex(where: {
        $0.severity == .error && $0.span.lowerBound >= commandStart && $0.span.lowerBound <= end
      })
    else { return }
    let error = diagnostics[index]
    let known = error.help.first { $0.hasPrefix("write: ") }.map { String($0.dropFirst(7)) }
    // The suggested word is right if the query then compiles, apart from other words after it.
    if let known, error.id != "unknown-command", Parser.compiles(known) { return }
    let line = ForeignQuery(
      source[commandStart..<end], known: known, errorAt: error.span.lowerBound - commandStart,
      isWhole: commandStart == 0 ? source[0..<source.bytes.count] : nil
    ).line(where: Parser.compiles)
    guard let line else { return }
    diagnostics[index].help = ["write: \(line)"]
    // For a first command, the suggested line may replace the whole query.
    guard commandStart > 0 || end == source.bytes.count else { return }
    let command = source[commandStart..<end]
    let before = command.prefix { $0.isWhitespace }.utf8.count
    let behind = command.reversed().prefix { $0.isWhitespace }.reduce(0) { $0 + $1.utf8.count }
    diagnostics[index].fix = Diagnostic.Fix(
      span: commandStart + before..<end - behind, text: line)
  }

  private static func compiles(_ query: String) -> Bool {
    var parser = Parser(SourceText(query), suggests: false)
    _ = parser.parseQuery()
    return !parser.diagnostics.contains { $0.severity == .error }
  }

  /// Parses `(SOURCE … | …)`; the current token is the parenthesis.
  mutating func parseSubquery() -> QuerySyntax? {
    let start = current.span
    guard !isInSubquery else {
      report(
        "nested-subquery", "a subquery cannot hold another one", at: start,
        notes: ["CloudWatch does not support nested subqueries"],
        help: ["run the inner one first, and list its values in brackets"])
      skipParentheses()
      return nil
    }
    advance()
    let outer = (depth, operatorCount)
    let errorCount = diagnostics.count { $0.severity == .error }
    (depth, isInSubquery) = (0, true)
    let syntax = parseQuery()
    (depth, operatorCount) = outer
    isInSubquery = false
    guard takeSymbol(")") else {
      reportUnexpected(expected: "'|' or ')'")
      return nil
    }
    return diagnostics.count { $0.severity == .error } == errorCount ? syntax : nil
  }

  /// Skips text in parentheses, so that a `|` there does not begin the next command.
  private mutating func skipParentheses() {
    var openCount = 0
    repeat {
      if current.isSymbol("(") { openCount += 1 }
      if current.isSymbol(")") { openCount -= 1 }
      advance()
    } while openCount > 0 && current.kind != .endOfQuery
  }

  private mutating func parseCommand(isFirst: Bool) -> (any Command)? {
    let keyword = current
    commandStart = keyword.span.lowerBound
    guard case .word(let word) = keyword.kind else {
      if isAtCommandEnd {
        report(
          "empty-command",
          keyword.kind == .endOfQuery
            ? "query ends where a command must follow"
            : "no command between '|' and '\(source[keyword.span])'",
          at: keyword.kind == .endOfQuery ? previousEnd..<previousEnd : keyword.span,
          help: ["remove the extra '|'"])
      } else if keyword.kind != .invalid {
        reportUnexpected(expected: "a command")
      }
      return nil
    }
    guard let type = CommandRegistry.command(named: word) else {
      reportUnknownCommand(word, at: keyword.span)
      return nil
    }
    if case .first = type.traits.placement, !isFirst {
      reportMisplacedSource(at: keyword.span)
      return nil
    }
    advance()
    let command = type.init(parsing: &self, keyword: keyword)
    // Parser or lexer have reported why a command is invalid.
    assert(command != nil || !diagnostics.isEmpty)
    return command
  }

  private mutating func reportMisplacedSource(at span: SourceSpan) {
    report("misplaced-source", "'SOURCE' stands only at the start of a query", at: span)
  }

  private mutating func reportUnknownCommand(_ word: String, at span: SourceSpan) {
    var rest = self
    rest.advance()
    let line = rest.line(insteadOf: word)
    let similar = similarNames(to: word, among: CommandRegistry.keywords)
    report(
      "unknown-command", "unknown command '\(word)'", at: span,
      notes: ["CloudWatch says: unexpected symbol found \(word)"],
      help: [
        line.map { "write: \($0)" }
          ?? (similar.isEmpty
            ? "'insights commands' lists the commands"
            : "a command with a similar name exists: \(similar)")
      ], fix: line == nil ? similar.first : nil)
  }

  /// Skips the rest of a command that cannot be parsed, and removes the lexer's diagnostics about
  /// it.
  ///
  /// `first` is the index of its first token.
  private mutating func skipToNextCommand(from first: Int) {
    let start = current.span.upperBound
    let passed = tokens[first..<position]
    // The parenthesis that ends a function call does not end a subquery.
    var openCount =
      passed.count { $0.isSymbol("(") } - passed.count { $0.isSymbol(")") }
    while current.kind != .endOfQuery, !current.isSymbol("|") {
      if current.isSymbol("("), next.isKeyword("source") {
        skipParentheses()
        continue
      }
      if current.isSymbol("(") { openCount += 1 }
      if current.isSymbol(")") {
        if isInSubquery, openCount <= 0 { break }
        openCount -= 1
      }
      advance()
    }
    let skipped = start..<max(start, current.span.lowerBound)
    diagnostics.removeAll { skipped.contains($0.span.lowerBound) }
  }

  // MARK: Tokens

  var current: Token { tokens[position] }

  /// The token after the current one.
  var next: Token { tokens[min(position + 1, tokens.count - 1)] }

  /// The token that was consumed last.
  var previousToken: Token? { position == 0 ? nil : tokens[position - 1] }

  /// The end of the last consumed token.
  var previousEnd: Int { position == 0 ? 0 : tokens[position - 1].span.upperBound }

  mutating func advance() {
    if position < tokens.count - 1 { position += 1 }
  }

  mutating func takeSymbol(_ symbol: String) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func takeKeyword(_ keyword: String) -> Bool {
    guard current.isKeyword(keyword) else { return false }
    advance()
    return true
  }

  /// Whether the current command has ended.
  var isAtCommandEnd: Bool {
    current.isSymbol("|") || current.kind == .endOfQuery
      || (isInSubquery && current.isSymbol(")"))
  }

  /// Consumes unquoted text up to white space, a '|', a ',' or a parenthesis, such as
  /// `/aws/lambda/orders` or `2026-02-11T09:15:00Z`; `nil` if there is none.
  ///
  /// The lexer's diagnostics about its parts are discarded.
  mutating func takeBareText() -> Spanned<String>? {
    func isPart(_ byte: UInt8) -> Bool { byte > 0x20 && !"|,()\"'`".utf8.contains(byte) }
    let start = current.span.lowerBound
    var end = start
    while end < source.bytes.count, isPart(source.bytes[end]) { end += 1 }
    guard end > start else { return nil }
    while current.kind != .endOfQuery, current.span.lowerBound < end { advance() }
    diagnostics.removeAll { (start..<end).contains($0.span.lowerBound) }
    return Spanned(source[start..<end], start..<end)
  }

  // MARK: What commands share

  /// Parses an option, `name=value`; `nil` if there is none.
  mutating func parseOption() -> Option? {
    guard case .word(let name) = current.kind, next.isSymbol("=") else { return nil }
    let start = current.span
    advance()
    advance()
    let value = current
    if !isAtCommandEnd { advance() }
    return Option(name: Spanned(name.lowercased(), start), value: value)
  }

  /// An option of a command: its name, and the token after the '='.
  struct Option {
    var name: Spanned<String>
    var value: Token

    /// Returns `true` or `false`; reports anything else.
    func truth(in parser: inout Parser) -> Bool? {
      if value.isKeyword("true") { return true }
      if value.isKeyword("false") { return false }
      parser.report(
        "option-value", "'\(name.value)' is true or false", at: value.span,
        help: ["write: \(name.value)=true"])
      return nil
    }

    /// Returns a number; reports anything else.
    func number(in parser: inout Parser) -> Double? {
      switch value.kind {
      case .integer(let number): return Double(number)
      case .real(let number): return number
      default:
        parser.report("option-value", "'\(name.value)' is a number", at: value.span)
        return nil
      }
    }

    /// Reports that the command has no such option.
    func reportUnknown(known: [String], in parser: inout Parser) {
      parser.report(
        "unknown-option", "unknown option '\(name.value)'", at: name.span,
        help: ["options: \(known.joined(separator: ", "))"])
    }
  }

  /// Parses a field or alias: a bare word or a name in backticks.
  mutating func parseName(_ what: String) -> Spanned<String>? {
    let token = current
    switch token.kind {
    case .word(let name), .quotedName(let name):
      guard !name.isEmpty else {
        report("empty-name", "a name cannot be empty", at: token.span)
        return nil
      }
      advance()
      return Spanned(name, token.span)
    default:
      reportUnexpected(expected: what)
      return nil
    }
  }

  /// Parses a field: a name, with the keys and positions of a part of it.
  mutating func parseField(_ what: String) -> Spanned<String>? {
    guard let name = parseName(what), let keys = parseKeys() else { return nil }
    return keys.isEmpty
      ? name
      : Spanned(
        FieldPath.name(name.value, keys: keys), name.span.lowerBound..<previousEnd)
  }

  /// Parses the accesses after a map or a list, `.key`, ``.`a key` `` and `[0]`, any number of
  /// times.
  ///
  /// A position is returned as a key of digits.
  mutating func parseKeys() -> [String]? {
    var keys: [String] = []
    while true {
      if takeSymbol(".") {
        switch current.kind {
        case .word(let key): keys += FieldPath(key).keys
        case .quotedName(let key) where !key.isEmpty: keys.append(key)
        default:
          reportUnexpected(expected: "a key after '.'")
          return nil
        }
        advance()
      } else if takeSymbol("[") {
        guard case .integer(let position) = current.kind, next.isSymbol("]") else {
          reportUnexpected(expected: "a position, such as [0]")
          return nil
        }
        advance()
        advance()
        keys.append(String(position))
      } else {
        return keys
      }
    }
  }

  /// Parses `first, second, …`, at least one element.
  mutating func parseList<Element>(of element: (inout Parser) -> Element?) -> [Element]? {
    var elements: [Element] = []
    repeat {
      guard let parsed = element(&self) else { return nil }
      elements.append(parsed)
    } while takeSymbol(",")
    return elements
  }

  /// Parses `expression [as name]`.
  mutating func parseProjection() -> Projection? {
    let start = current.span.lowerBound
    guard let expression = parseExpression() else { return nil }
    let text = source[start..<previousEnd]
    var alias: Spanned<String>?
    if takeKeyword("as") {
      guard let name = parseName("a name after 'as'") else { return nil }
      alias = name
    }
    return Projection(expression: expression, text: text, alias: alias)
  }

  // MARK: Diagnostics

  mutating func report(
    _ id: String, _ message: String, at span: SourceSpan, notes: [String] = [],
    help: [String] = [], fix: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(.error, id, message, at: span, notes: notes, help: help, fix: fix))
  }

  mutating func warn(_ id: String, _ message: String, at span: SourceSpan, help: [String] = []) {
    diagnostics.append(Diagnostic(.warning, id, message, at: span, help: help))
  }

  /// Reports that the current token is not allowed here.
  mutating func reportUnexpected(expected: String, help: [String] = []) {
    let token = current
    switch token.kind {
    case .invalid: break  // Reported by the lexer.
    case .endOfQuery:
      // The caret is placed after the last word, not after trailing white space.
      let end = previousEnd
      report("unexpected-end", "query ends where \(expected) must follow", at: end..<end)
    default:
      report(
        "unexpected-token", "unexpected '\(source[token.span])'; expected \(expected)",
        at: token.span, notes: ["CloudWatch says: unexpected symbol found \(source[token.span])"],
        help: help.isEmpty
          ? lineInsteadOfOperator.map { ["write: \($0)"] }
            ?? unquotedText.map { ["text stands in quotes: \(quoted($0))"] } ?? [] : help)
    }
  }

  /// The word that contains the current token, if it looks like unquoted text: `http://192.0.2.1/`,
  /// `/aws/lambda/orders`.
  private var unquotedText: String? {
    guard position > 0, tokens[position - 1].span.upperBound == current.span.lowerBound else {
      return nil
    }
    if case .regex = tokens[position - 1].kind {} else if !current.isSymbol(":") { return nil }
    func isPart(_ byte: UInt8) -> Bool { byte > 0x20 && !"|,()[]=<>!\"'`".utf8.contains(byte) }
    var start = current.span.lowerBound
    while start > 0, isPart(source.bytes[start - 1]) { start -= 1 }
    var end = current.span.upperBound
    while end < source.bytes.count, isPart(source.bytes[end]) { end += 1 }
    return source[start..<end]
  }
}

/// One item of `fields`, `display` or `stats`.
public struct Projection: Sendable {
  /// The expression of its value.
  public var expression: Expression
  /// The expression as typed, which is the column's name if there is no alias.
  public var text: String
  /// The name after `as`.
  public var alias: Spanned<String>?

  /// The name of the column.
  ///
  /// A field in backticks is named without them.
  public var name: String {
    if let alias { return alias.value }
    if case .name(let name, _, _) = expression { return name }
    return text
  }

  /// Whether it is the same expression under the same name.
  func isSame(as other: Projection) -> Bool {
    // A field with backticks equals the same field without them.
    if case .name(let field, _, _) = expression, case .name(let same, _, _) = other.expression {
      return name == other.name && field == same
    }
    return name == other.name && expression.description == other.expression.description
  }
}

extension Projection: CustomStringConvertible {
  public var description: String {
    alias.map { "\(expression) as \(printedName($0.value))" } ?? expression.description
  }
}

/// Writes a name in the language, in backticks if it is not a single word.
func printedName(_ name: String) -> String {
  if name.utf8.contains(UInt8(ascii: "`")) { return printedPath(name) }
  let isReserved = ["and", "as", "by", "in", "like", "not", "or"].contains(name.lowercased())
  return isWord(name) && !isReserved ? name : "`\(name)`"
}

/// Writes a dotted name with backticks only around the parts that need them.
func printedPath(_ name: String) -> String {
  let keys = FieldPath(name).keys
  guard !isWord(name), keys.count > 1 else { return name }
  return keys.dropFirst().reduce(printedName(keys[0])) { $0 + "." + printedKey($1) }
}

/// Writes a key after a dot, in backticks if it is not a word, or contains dots.
func printedKey(_ key: String) -> String {
  let isNumber = !key.isEmpty && key.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  return isNumber || isWord(key) && !key.contains(".") ? key : "`\(key)`"
}

/// Whether a name is lexed as one word.
private func isWord(_ name: String) -> Bool {
  let tokens = Lexer.tokens(of: SourceText(name)).tokens
  return tokens.count == 2 && tokens[0].kind == .word(name)
}
