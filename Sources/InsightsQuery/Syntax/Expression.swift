public import InsightsModel

/// An expression as parsed, with unresolved names.
public indirect enum Expression: Sendable {
  case literal(Value, SourceSpan)
  /// A field or alias; `isQuoted` if it was in backticks.
  case name(String, isQuoted: Bool, SourceSpan)
  case regex(String, SourceSpan)
  case period(Int64, unit: String, SourceSpan)
  /// `[a, b]` after `in`.
  case list([Expression], SourceSpan)
  /// `(SOURCE … | …)` after `in`.
  case subquery(QuerySyntax, SourceSpan)
  /// The `*` of `count(*)`.
  case star(SourceSpan)
  case call(Spanned<String>, [Expression], SourceSpan)
  /// A part of a value that is not a field, by keys and positions: `jsonParse(x).users[0]`.
  case access(Expression, keys: [String], SourceSpan)
  case unary(UnaryOperator, Expression, SourceSpan)
  case binary(Spanned<BinaryOperator>, Expression, Expression)

  /// From its first to its last byte in the query.
  public var span: SourceSpan {
    switch self {
    case .literal(_, let span), .name(_, _, let span), .regex(_, let span), .period(_, _, let span),
      .list(_, let span), .subquery(_, let span), .star(let span), .call(_, _, let span),
      .access(_, _, let span),
      .unary(_, _, let span):
      span
    case .binary(_, let left, let right): left.span.lowerBound..<right.span.upperBound
    }
  }
}

/// The prefix operators, as written.
public enum UnaryOperator: String, Sendable {
  case not, minus = "-"
}

/// The infix operators, as written.
public enum BinaryOperator: String, Sendable, CaseIterable {
  case or, and
  case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">"
  case greaterOrEqual = ">="
  case like, isIn = "in", matches = "=~"
  case plus = "+", minus = "-", times = "*", divided = "/", remainder = "%", power = "^"

  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  /// Operators with a higher precedence have a higher number.
  ///
  /// AWS documents no precedences; these are the usual ones, with `^` above the sign: `-2 ^ 2` is
  /// -4.
  var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .like, .isIn, .matches:
      4
    case .plus, .minus: 5
    case .times, .divided, .remainder: 6
    case .power: 8
    }
  }
}

extension Expression {
  /// The names that the expression contains, in order, with their spans.
  var names: [Spanned<String>] {
    switch self {
    case .name(let name, _, let span): [Spanned(name, span)]
    // A subquery does not see the enclosing query.
    case .literal, .regex, .period, .star, .subquery: []
    case .list(let elements, _): elements.flatMap(\.names)
    case .call(_, let arguments, _): arguments.flatMap(\.names)
    case .access(let base, _, _): base.names
    case .unary(_, let operand, _): operand.names
    case .binary(_, let left, let right): left.names + right.names
    }
  }

  /// The direct subexpressions.
  var parts: [Expression] {
    switch self {
    case .literal, .name, .regex, .period, .star, .subquery: []
    case .list(let elements, _): elements
    case .call(_, let arguments, _): arguments
    case .access(let base, _, _): [base]
    case .unary(_, let operand, _): [operand]
    case .binary(_, let left, let right): [left, right]
    }
  }

  /// The expression and all its subexpressions, outermost first.
  var all: [Expression] { [self] + parts.flatMap(\.all) }

  /// The operands of a conjunction, in order.
  var conjuncts: [Expression] {
    if case .binary(let op, let left, let right) = self, op.value == .and {
      return left.conjuncts + right.conjuncts
    }
    return [self]
  }
}
