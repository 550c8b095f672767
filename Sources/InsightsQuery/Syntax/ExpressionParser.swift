internal import InsightsModel

extension Parser {
  /// Parses one expression by precedence climbing.
  mutating func parseExpression(above minimum: Int = 0) -> Expression? {
    if depth == 0 { operatorCount = 0 }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      report(
        "expression-too-deep", "expression nests deeper than \(Self.depthLimit) levels",
        at: current.span, help: ["name a part of it first: fields … as part"])
      return nil
    }
    guard var left = parseOperand(above: minimum) else { return nil }
    while let op = currentOperator, op.precedence > minimum {
      // A chain of operators deepens the tree although its text is not nested.
      operatorCount += 1
      guard operatorCount <= Self.operatorLimit else {
        report(
          "expression-too-large", "expression has more than \(Self.operatorLimit) operators",
          at: current.span, help: ["many values of one field stand in a list: in [\"a\", \"b\"]"])
        return nil
      }
      guard let extended = parseOperator(op, after: left) else { return nil }
      left = extended
    }
    return left
  }

  private mutating func parseOperator(_ op: PendingOperator, after left: Expression) -> Expression?
  {
    let start = current.span
    advance()
    if op.isNegated { advance() }
    let span = start.lowerBound..<previousEnd
    let right: Expression?
    switch op.value {
    case .like, .matches: right = parsePattern(after: op.value)
    case .isIn: right = parseInList()
    case .power: right = parseExpression(above: op.precedence - 1)
    default: right = parseExpression(above: op.precedence)
    }
    guard let right else { return nil }
    let binary = Expression.binary(Spanned(op.value, span), left, right)
    return op.isNegated
      ? .unary(.not, binary, left.span.lowerBound..<right.span.upperBound) : binary
  }

  private struct PendingOperator {
    var value: BinaryOperator
    /// `not like`, `not in`.
    var isNegated = false
    var precedence: Int { value.precedence }
  }

  /// The operator that begins with the current token; `nil` if there is none.
  private var currentOperator: PendingOperator? {
    switch current.kind {
    case .symbol("=="): return PendingOperator(value: .equal)
    case .symbol(let symbol):
      return BinaryOperator(rawValue: symbol).map { PendingOperator(value: $0) }
    case .word(let word):
      switch word.lowercased() {
      case "and": return PendingOperator(value: .and)
      case "or": return PendingOperator(value: .or)
      case "like": return PendingOperator(value: .like)
      case "in": return PendingOperator(value: .isIn)
      case "not" where next.isKeyword("like"):
        return PendingOperator(value: .like, isNegated: true)
      case "not" where next.isKeyword("in"): return PendingOperator(value: .isIn, isNegated: true)
      default: return nil
      }
    default: return nil
    }
  }

  private mutating func parsePattern(after op: BinaryOperator) -> Expression? {
    let token = current
    switch token.kind {
    case .regex(let pattern):
      advance()
      if case .word(let flags) = current.kind, current.span.lowerBound == token.span.upperBound {
        let line = command(
          with: "/(?\(flags))\(pattern)/",
          insteadOf: token.span.lowerBound..<current.span.upperBound)
        report(
          "regex-flags", "flags do not follow a regex", at: current.span, help: ["write: \(line)"])
        return nil
      }
      return .regex(pattern, token.span)
    case .string(let text):
      advance()
      return .literal(.text(text), token.span)
    default:
      reportUnexpected(expected: "\"text\" or /regex/ after '\(op.rawValue)'")
      return nil
    }
  }

  private mutating func parseInList() -> Expression? {
    if current.isSymbol("[") { return parseBracketedList() }
    guard current.isSymbol("(") else {
      reportUnexpected(expected: "a list in brackets or a subquery after 'in'")
      return nil
    }
    let start = current.span.lowerBound
    switch next.kind {
    case .string, .integer, .real, .symbol("-"):
      reportListInParentheses()
      return nil
    default: break
    }
    return parseSubquery().map { .subquery($0, start..<previousEnd) }
  }

  /// Reports `in ("a", "b")`, which must be written with brackets.
  private mutating func reportListInParentheses() {
    let start = current.span
    advance()
    let first = current.span.lowerBound
    while !isAtCommandEnd, !current.isSymbol(")") { advance() }
    let list = first < previousEnd ? source[first..<previousEnd] : ""
    _ = takeSymbol(")")
    let span = start.lowerBound..<previousEnd
    report(
      "list-in-parentheses", "a list stands in brackets", at: span,
      notes: ["CloudWatch says: unexpected symbol found ("],
      help: ["write: \(command(with: "[\(list)]", insteadOf: span))"])
  }

  private mutating func parseBracketedList() -> Expression? {
    let start = current.span.lowerBound
    advance()
    var elements: [Expression] = []
    if !current.isSymbol("]") {
      guard let parsed = parseList(of: { $0.parseExpression() }) else { return nil }
      elements = parsed
    }
    guard takeSymbol("]") else {
      reportUnexpected(expected: "',' or ']'")
      return nil
    }
    return .list(elements, start..<previousEnd)
  }

  private mutating func parseOperand(above minimum: Int) -> Expression? {
    let token = current
    switch token.kind {
    case .symbol("!"):
      advance()
      return parseNot(from: token.span.lowerBound)
    case .word where token.isKeyword("not"):
      advance()
      return parseNot(from: token.span.lowerBound)
    case .symbol("-"):
      advance()
      guard let operand = parseExpression(above: 7) else { return nil }
      let span = token.span.lowerBound..<operand.span.upperBound
      // A sign before a number is part of the literal, so that `in [-1]` is a list of literals.
      switch operand {
      case .literal(.integer(let number), _): return .literal(.integer(-number), span)
      case .literal(.real(let number), _): return .literal(.real(-number), span)
      // An integer beyond 64 bits.
      case .literal(.text(let digits), let digitSpan) where source[digitSpan] == digits:
        return .literal(.text("-" + digits), span)
      default: return .unary(.minus, operand, span)
      }
    case .symbol("["): return parseBracketedList()
    case .symbol("("):
      advance()
      guard let inner = parseExpression() else { return nil }
      guard takeSymbol(")") else {
        reportUnexpected(expected: "')'")
        return nil
      }
      return parseAccess(to: inner, from: token.span.lowerBound)
    case .integer(let number):
      advance()
      return parsePeriodUnit(after: number, from: token.span.lowerBound)
        ?? .literal(.integer(number), token.span)
    case .real(let number):
      advance()
      // An integer beyond 64 bits is compared by its digits, like text.
      let written = source[token.span]
      return .literal(
        written.allSatisfy { $0.isASCII && $0.isNumber } ? .text(written) : .real(number),
        token.span)
    case .string(let text):
      advance()
      return .literal(.text(text), token.span)
    case .regex(let pattern):
      advance()
      return .regex(pattern, token.span)
    case .period(let count, let unit):
      advance()
      return .period(count, unit: unit, token.span)
    case .quotedName(let name):
      advance()
      return parseAccess(to: .name(name, isQuoted: true, token.span), from: token.span.lowerBound)
    case .word(let word):
      advance()
      guard current.isSymbol("(") else {
        return parseAccess(
          to: .name(word, isQuoted: false, token.span), from: token.span.lowerBound)
      }
      guard let call = parseCall(Spanned(word, token.span)) else { return nil }
      return parseAccess(to: call, from: token.span.lowerBound)
    default:
      reportUnexpected(expected: "a field, a value or a function")
      return nil
    }
  }

  /// Parses the keys and positions after a value; those after a name are part of the name.
  private mutating func parseAccess(to base: Expression, from start: Int) -> Expression? {
    guard let keys = parseKeys() else { return nil }
    guard !keys.isEmpty else { return base }
    guard case .name(let name, _, _) = base else {
      return .access(base, keys: keys, start..<previousEnd)
    }
    return .name(FieldPath.name(name, keys: keys), isQuoted: false, start..<previousEnd)
  }

  private mutating func parseNot(from start: Int) -> Expression? {
    guard let operand = parseExpression(above: 3) else { return nil }
    return .unary(.not, operand, start..<operand.span.upperBound)
  }

  /// Parses `5 min`: a period may have white space before its unit.
  private mutating func parsePeriodUnit(after count: Int64, from start: Int) -> Expression? {
    guard case .word(let unit) = current.kind, next.isSymbol(")") || next.isSymbol(",") else {
      return nil
    }
    advance()
    return .period(count, unit: unit, start..<previousEnd)
  }

  private mutating func parseCall(_ name: Spanned<String>) -> Expression? {
    advance()
    var arguments: [Expression] = []
    if !current.isSymbol(")") {
      guard
        let parsed = parseList(of: { parser -> Expression? in
          let token = parser.current
          if token.isSymbol("*") {
            parser.advance()
            return .star(token.span)
          }
          return parser.parseExpression()
        })
      else { return nil }
      arguments = parsed
    }
    guard takeSymbol(")") else {
      reportUnexpected(expected: "',' or ')'")
      return nil
    }
    return .call(name, arguments, name.span.lowerBound..<previousEnd)
  }
}
