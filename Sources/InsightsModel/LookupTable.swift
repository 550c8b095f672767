/// A table for `lookup` and `cidrlookup`: rows of text with named columns.
public struct LookupTable: Hashable, Sendable {
  /// The prefix of the names of such tables' relations.
  public static let relationPrefix = "lookup "
  /// The column of such a relation that numbers its rows from 1.
  public static let rowColumn = "@row"

  /// The name for `lookup`.
  public let name: String
  /// Unique, ignoring case.
  public let columns: [String]
  /// Each as long as `columns`.
  public let rows: [[String]]

  /// Makes a table.
  public init(name: String, columns: [String], rows: [[String]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }
}
