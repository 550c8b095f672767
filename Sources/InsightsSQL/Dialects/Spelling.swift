public import InsightsQuery

/// How a database writes the call of a function.
///
/// In templates `{0}`, `{1}` … stand for the arguments, `{*}` for all of them with commas between.
public enum Spelling: Sendable {
  case template(String)
  /// An operator between two arguments; where it `chains`, `(a op b) op c` is `a op b op c`.
  case infix(String, chains: Bool = false)
  /// A function of any number of arguments; `f(a, b, c)` is `f(f(a, b), c)`.
  case function(String)
  /// A template that depends on the arguments.
  case composed(@Sendable ([BoundExpression]) -> String)

  /// Whether the call begins with its first argument, as an operator's does.
  var isInfix: Bool {
    switch self {
    case .infix: true
    case .template(let text): text.hasPrefix("({0} ")
    case .function, .composed: false
    }
  }
}
