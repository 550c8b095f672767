// Translations of other languages' idioms.
extension Parser {
  /// The rest of the command after its keyword, as written.
  private var restOfCommand: String {
    let start = current.span.lowerBound
    var parser = self
    while !parser.isAtCommandEnd { parser.advance() }
    return start < parser.previousEnd ? source[start..<parser.previousEnd] : ""
  }

  /// Returns the translation of a command that only other languages have; the current token follows
  /// its keyword.
  func line(insteadOf keyword: String) -> String? {
    if keyword.lowercased() == "select" {
      return SelectStatement(tokens: commandTokens, source: source).line
    }
    var parser = self
    // `top 5 level`, `top limit=5 level`, `top 5 by duration`
    if parser.current.isKeyword("limit"), parser.next.isSymbol("=") {
      parser.advance()
      parser.advance()
    }
    var count: String?
    if case .integer(let number) = parser.current.kind, keyword.lowercased() != "take" {
      count = String(number)
      parser.advance()
    }
    if keyword.lowercased() == "group" { _ = parser.takeKeyword("by") }
    let rest = parser.restOfCommand
    if keyword.lowercased() == "top", parser.takeKeyword("by") {
      return "sort \(parser.restOfCommand) desc | limit \(count ?? "10")"
    }
    return ForeignSyntax.line(for: keyword, in: ForeignSyntax.commands) { place in
      switch place {
      case "rest": rest
      case "count": count
      case "assigned": nil
      default: nil
      }
    }
  }

  /// Converts `name = value` to `value as name`.
  private var assignment: String? {
    var parser = self
    guard case .word(let name) = current.kind, next.isSymbol("=") else { return nil }
    parser.advance()
    parser.advance()
    let value = parser.restOfCommand
    return value.isEmpty ? nil : "\(value) as \(name)"
  }

  /// The translation of a command with an operator or a word of another language at the current
  /// token, after a value.
  var lineInsteadOfOperator: String? {
    for count in [3, 2, 1] {
      var parser = self
      var words: [String] = []
      for _ in 0..<count where !parser.isAtCommandEnd {
        words.append(source[parser.current.span])
        parser.advance()
      }
      guard words.count == count else { continue }
      let behindWords = parser.previousEnd
      let right = parser.isAtCommandEnd ? nil : parser.current
      let rest = parser.restOfCommand
      parser.advance()
      // `between 400 and 499`
      let second = parser.takeKeyword("and") && !parser.isAtCommandEnd ? parser.current : nil
      // The range that the translation replaces.
      var start = current.span.lowerBound
      var end = behindWords
      let line = ForeignSyntax.line(
        for: words.joined(separator: " "), in: ForeignSyntax.operators
      ) { place in
        switch place {
        case "left":
          start = previousOperand?.span.lowerBound ?? start
          return previousOperand.map { source[$0.span] }
        case "right":
          end = max(end, right?.span.upperBound ?? end)
          return right.map { source[$0.span] }
        case "second":
          end = max(end, second?.span.upperBound ?? end)
          return second.map { source[$0.span] }
        case "rest":
          end = max(end, behindWords + 1 + rest.utf8.count)
          return rest
        default: return nil
        }
      }
      if let line { return command(with: line, insteadOf: start..<end) }
    }
    return nil
  }

  /// The name or value before the current token.
  private var previousOperand: Token? {
    switch previousToken?.kind {
    case .word?, .quotedName?, .string?, .integer?, .real?: previousToken
    default: nil
    }
  }

  /// Returns the current command with a span replaced.
  func command(with text: String, insteadOf span: SourceSpan) -> String {
    var parser = self
    while !parser.isAtCommandEnd { parser.advance() }
    let end = max(parser.previousEnd, span.upperBound)
    let start = min(commandStart, span.lowerBound)
    let before = source[start..<span.lowerBound]
    let after = span.upperBound < end ? source[span.upperBound..<end] : ""
    return before + text + after
  }

  /// The tokens of the current command from here on.
  private var commandTokens: [Token] {
    var parser = self
    var tokens: [Token] = []
    while !parser.isAtCommandEnd {
      tokens.append(parser.current)
      parser.advance()
    }
    return tokens
  }
}
