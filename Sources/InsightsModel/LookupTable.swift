/// A table that `lookup` and `cidrlookup` take values from: text in rows and named columns.
public struct LookupTable: Hashable, Sendable {
  /// What the names of the relations of such tables begin with.
  public static let relationPrefix = "lookup "
  /// The column of such a relation that counts its rows from 1.
  public static let rowColumn = "@row"

  /// As `lookup` calls it.
  public let name: String
  /// Names that differ in more than upper and lower case.
  public let columns: [String]
  /// Each as long as `columns`.
  public let rows: [[String]]

  public init(name: String, columns: [String], rows: [[String]]) {
    self.name = name
    self.columns = columns
    self.rows = rows
  }
}
