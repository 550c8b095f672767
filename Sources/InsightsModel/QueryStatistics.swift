/// What a query read to give its rows, as GetQueryResults counts it.
public struct QueryStatistics: Hashable, Sendable {
  /// Rows that the query's filters left, before any limit or aggregation.
  public var matchedCount: Int64
  /// Rows in the time range and the log groups, but for those skipped.
  public var scannedCount: Int64
  /// Rows that a field index let the query skip.
  public var skippedCount: Int64
  /// Bytes of the messages of the rows scanned.
  public var scannedBytes: Int64
  /// Bytes of the messages of the rows skipped.
  public var skippedBytes: Int64
  /// Log groups that rows were scanned of; rows whose group is unknown are of one more.
  public var logGroupCount: Int64
  /// Rows of the result.
  public var resultCount: Int64

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
