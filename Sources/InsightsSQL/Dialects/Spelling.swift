public import InsightsQuery

/// The SQL of a function call.
///
/// In templates `{0}`, `{1}` … are replaced by the arguments, `{*}` by all of them, separated by
/// commas.
public enum Spelling: Sendable {
  case template(String)
  /// An infix operator.
  case infix(String, Chaining = .never)
  /// A function with any number of arguments; `f(a, b, c)` may be written `f(f(a, b), c)`.
  case function(String)
  /// A template computed from the arguments.
  case composed(@Sendable ([BoundExpression]) -> String)

  /// Which nested calls of an operator may be written without parentheses.
  public enum Chaining: Sendable {
    case never
    /// `(a op b) op c` is `a op b op c` (left-associative).
    case fromLeft
    /// `a op (b op c)` is equal, too (associative).
    case anyhow
  }

  var chains: Bool {
    switch self {
    case .infix(_, .fromLeft), .infix(_, .anyhow): true
    case .infix(_, .never), .template, .function, .composed: false
    }
  }

  /// Whether the SQL begins with the first argument, as for an operator.
  var isInfix: Bool {
    switch self {
    case .infix: true
    case .template(let text): text.hasPrefix("({0} ")
    case .function, .composed: false
    }
  }
}
