/// A column of a result.
public struct ResultColumn: Hashable, Sendable {
  /// The displayed name, which need not be unique.
  public var name: String
  /// The type of its values.
  public var type: ValueType
  /// Whether the query computed it; computed decimals are shown with at most four fraction digits.
  public var isComputed: Bool
  /// Whether its values are unchanged numbers of Lambda's REPORT lines, which AWS formats
  /// differently.
  public var isReportNumber: Bool

  /// Makes a column.
  public init(
    name: String, type: ValueType, isComputed: Bool = false, isReportNumber: Bool = false
  ) {
    self.name = name
    self.type = type
    self.isComputed = isComputed
    self.isReportNumber = isReportNumber
  }
}

/// The rows of a query: `rows[row][column]`; missing values are `.null`.
public struct ResultTable: Equatable, Sendable {
  /// The columns, in displayed order.
  public var columns: [ResultColumn]
  /// The rows; each has a value for every column.
  public var rows: [[Value]]
  /// The statistics of the query; `nil` unless requested.
  public var statistics: QueryStatistics?
  /// The keys of `stats`, by their column names there; `nil` if rows are not groups.
  public var groupKeys: [String]?

  /// Makes a table.
  public init(
    columns: [ResultColumn], rows: [[Value]] = [], statistics: QueryStatistics? = nil,
    groupKeys: [String]? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.statistics = statistics
    self.groupKeys = groupKeys
  }
}
