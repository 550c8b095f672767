/// A column of a result.
public struct ResultColumn: Hashable, Sendable {
  /// As it is shown; two columns may have the same.
  public var name: String
  /// What its values may be.
  public var type: ValueType
  /// Whether the query computed it; computed decimals are shown with at most four fraction digits.
  public var isComputed: Bool

  public init(name: String, type: ValueType, isComputed: Bool = false) {
    self.name = name
    self.type = type
    self.isComputed = isComputed
  }
}

/// The rows that a query gave: `rows[row][column]`, missing values as `.null`.
public struct ResultTable: Equatable, Sendable {
  /// In the order shown.
  public var columns: [ResultColumn]
  /// Each has a value for every column.
  public var rows: [[Value]]
  /// What the query read; `nil` where nobody asked.
  public var statistics: QueryStatistics?
  /// What `stats` grouped by, as the columns were called there; `nil` where rows are no groups.
  public var groupKeys: [String]?

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
