public import InsightsModel

/// The SQL dialect of a database: the spelling of each function, and the limits of statements.
public protocol Dialect: Sendable {
  /// The name in `explain --stage sql` and golden files.
  var name: String { get }
  /// Returns the SQL of a function.
  func spelling(of id: FunctionID) -> Spelling

  /// The maximum number of arguments of a call.
  var argumentLimit: Int { get }
  /// The maximum nesting of an expression, as `BoundExpression.nesting(in:_:)` counts it; deeper
  /// expressions are computed in several steps.
  var nestingLimit: Int { get }
  /// The maximum number of operands in a chain of an associative operator.
  var chainLimit: Int { get }
  /// The maximum nesting of a column from which others are computed in the same step.
  var columnNestingLimit: Int { get }

  /// The SQL that converts a value of unknown type, `{0}`, to a sort key of natural order.
  var sortKeySpelling: String { get }
  /// The SQL that tests whether a value of unknown type, `{0}`, is in a list of numbers and
  /// non-numeric texts, `{1}`.
  var membershipSpelling: String { get }
  /// The SQL for the value of an element of a JSON array; `{0}` is the element's row.
  var elementSpelling: String { get }
}
