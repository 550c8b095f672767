/// The numbers of rows and bytes that a query has read, as in GetQueryResults.
public struct QueryStatistics: Hashable, Sendable {
  /// The number of rows that passed the query's filters, before any limit or aggregation.
  public var matchedCount: Int64
  /// The number of rows in the time range and the log groups, except skipped ones.
  public var scannedCount: Int64
  /// The number of rows that were skipped by a field index.
  public var skippedCount: Int64
  /// The size in bytes of the scanned rows' messages.
  public var scannedBytes: Int64
  /// The size in bytes of the skipped rows' messages.
  public var skippedBytes: Int64
  /// The number of log groups with scanned rows; rows of unknown group count as one more.
  public var logGroupCount: Int64
  /// The number of rows of the result.
  public var resultCount: Int64

  /// Makes statistics.
  public init(
    matchedCount: Int64, scannedCount: Int64, skippedCount: Int64 = 0, scannedBytes: Int64,
    skippedBytes: Int64 = 0, logGroupCount: Int64, resultCount: Int64
  ) {
    self.matchedCount = matchedCount
    self.scannedCount = scannedCount
    self.skippedCount = skippedCount
    self.scannedBytes = scannedBytes
    self.skippedBytes = skippedBytes
    self.logGroupCount = logGroupCount
    self.resultCount = resultCount
  }
}
