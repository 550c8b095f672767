/// What a query read to give its rows, as far as the backend counted it.
public struct QueryStatistics: Hashable, Sendable {
  /// Rows that the query's filters left, before any limit or aggregation.
  public var matchedCount: Int64
  /// Rows in the time range and the log groups.
  public var scannedCount: Int64

  public init(matchedCount: Int64, scannedCount: Int64) {
    self.matchedCount = matchedCount
    self.scannedCount = scannedCount
  }
}
