public import InsightsQuery

/// How a database writes the call of a function.
///
/// In templates `{0}`, `{1}` … stand for the arguments, `{*}` for all of them with commas between.
public enum Spelling: Sendable {
  case template(String)
  /// An operator between two arguments.
  case infix(String, Chaining = .never)
  /// A function of any number of arguments; `f(a, b, c)` is `f(f(a, b), c)`.
  case function(String)
  /// A template that depends on the arguments.
  case composed(@Sendable ([BoundExpression]) -> String)

  /// How several calls of an operator may be written as one.
  public enum Chaining: Sendable {
    case never
    /// `(a op b) op c` is `a op b op c`.
    case fromLeft
    /// `a op (b op c)` is the same, too.
    case anyhow
  }

  var chains: Bool {
    switch self {
    case .infix(_, .fromLeft), .infix(_, .anyhow): true
    case .infix(_, .never), .template, .function, .composed: false
    }
  }

  /// Whether the call begins with its first argument, as an operator's does.
  var isInfix: Bool {
    switch self {
    case .infix: true
    case .template(let text): text.hasPrefix("({0} ")
    case .function, .composed: false
    }
  }
}
