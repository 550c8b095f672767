/// How one database spells what the plan says.
///
/// The defaults are SQLite's; another dialect overrides what it spells differently.
public protocol Dialect: Sendable {
  /// As `explain --stage sql` and golden files call it.
  var name: String { get }
  /// The SQL of a function or operator, by its canonical name; `nil` for the registry's spelling.
  func spelling(ofFunction name: String) -> String?
  /// The SQL that turns a value of unknown type, `{0}`, into a key of natural order.
  var sortKeySpelling: String { get }
  /// The SQL of what `=` compares of a value, `{0}`: the number where it denotes one, else the text.
  var comparedValueSpelling: String { get }
  /// The SQL that asks whether a value of unknown type, `{0}`, is one of a list of numbers and of
  /// texts that denote none, `{1}`.
  var membershipSpelling: String { get }
  /// The SQL that asks whether text, `{0}`, matches a glob, `{1}`.
  var globSpelling: String { get }
  /// The SQL for the value of an element of a JSON array, of which `{0}` is the row.
  var elementSpelling: String { get }
}

extension Dialect {
  public func spelling(ofFunction name: String) -> String? { nil }
  public var sortKeySpelling: String { "ql_sort_key({0})" }
  public var comparedValueSpelling: String { "ql_value({0})" }
  public var membershipSpelling: String { "(ql_value({0}) IN ({1}))" }
  public var globSpelling: String { "({0} GLOB {1})" }
  // A map or a list on its way through a statement is a BLOB.
  public var elementSpelling: String {
    "iif({0}.\"type\" IN ('object', 'array'), CAST({0}.\"value\" AS BLOB), {0}.\"value\")"
  }
}

/// SQLite with the functions that the store registers (`ql_…`).
public struct SQLiteDialect: Dialect {
  public init() {}
  public var name: String { "sqlite" }
}
