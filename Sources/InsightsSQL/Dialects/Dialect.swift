public import InsightsModel

/// How one database spells what the plan says, and how large the parts of its statements may be.
public protocol Dialect: Sendable {
  /// As `explain --stage sql` and golden files call it.
  var name: String { get }
  /// The SQL of a function.
  func spelling(of id: FunctionID) -> Spelling

  /// Most arguments of a call.
  var argumentLimit: Int { get }
  /// How deep an expression may nest, as `BoundExpression.nesting(in:_:)` counts it; what is deeper
  /// is computed in several steps.
  var nestingLimit: Int { get }
  /// Most operands in a row of an operator whose calls may be grouped in any way.
  var chainLimit: Int { get }
  /// How deep a column may nest from which others are computed in the same step.
  var columnNestingLimit: Int { get }

  /// The SQL that turns a value of unknown type, `{0}`, into a key of natural order.
  var sortKeySpelling: String { get }
  /// The SQL that asks whether a value of unknown type, `{0}`, is one of a list of numbers and of
  /// texts that denote none, `{1}`.
  var membershipSpelling: String { get }
  /// The SQL for the value of an element of a JSON array, of which `{0}` is the row.
  var elementSpelling: String { get }
}
