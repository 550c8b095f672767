internal import InsightsModel

extension Expression: CustomStringConvertible {
  /// The expression in canonical form; parsing it again results in the same tree.
  public var description: String {
    printed(above: 0)
  }

  private func printed(above outer: Int) -> String {
    switch self {
    case .literal(let value, _):
      // `^` has a higher precedence than a sign: without parentheses `(-2) ^ 2` would be -4.
      parenthesized(printedLiteral(value), value.hasSign ? 7 : 9, outer)
    case .name(let name, let isQuoted, _): isQuoted ? "`\(name)`" : printedPath(name)
    case .regex(let pattern, _): printedRegex(pattern)
    case .period(let count, let unit, _): "\(count)\(unit)"
    case .list(let elements, _): "[" + elements.map(\.description).joined(separator: ", ") + "]"
    case .subquery(let query, _): query.printedAsSubquery
    case .star: "*"
    case .call(let name, let arguments, _):
      name.value + "(" + arguments.map(\.description).joined(separator: ", ") + ")"
    case .access(let base, let keys, _):
      keys.reduce(base.isCall ? base.description : "(\(base))") { $0 + "." + printedKey($1) }
    case .unary(.not, let operand, _): parenthesized("not " + operand.printed(above: 3), 3, outer)
    case .unary(.minus, let operand, _): parenthesized("-" + operand.printed(above: 7), 7, outer)
    case .binary(let op, let left, let right):
      // `^` is right-associative, other operators are left-associative.
      parenthesized(
        left.printed(above: op.value.precedence + (op.value == .power ? 1 : 0))
          + " \(op.value.rawValue) "
          + right.printed(above: op.value.precedence + (op.value == .power ? 0 : 1)),
        op.value.precedence, outer)
    }
  }

  private var isCall: Bool {
    if case .call = self { true } else { false }
  }

  private func parenthesized(_ text: String, _ inner: Int, _ outer: Int) -> String {
    inner < outer ? "(\(text))" : text
  }
}

/// Writes a literal in the language.
func printedLiteral(_ value: Value) -> String {
  switch value {
  case .null: "null"
  case .integer(let number): String(number)
  case .real(let number): String(number)
  case .text(let text): quoted(text)
  case .wide(let digits): digits
  }
}

/// Writes a regex between slashes; a slash inside is escaped again.
func printedRegex(_ pattern: String) -> String {
  let parts = pattern.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
  return "/" + parts.map { String($0) }.joined(separator: "\\/") + "/"
}

extension Value {
  fileprivate var hasSign: Bool {
    switch self {
    case .integer(let number): number < 0
    case .real(let number): number.sign == .minus
    case .null, .text, .wide: false
    }
  }
}
