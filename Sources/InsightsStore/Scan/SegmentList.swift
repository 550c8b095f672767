internal import InsightsModel
internal import InsightsSQLite

/// The segments of a store for its scans.
///
/// If a store stays open between queries, the decoded directories can be kept until something is
/// committed; some 1 KB per segment.
final class SegmentList {
  private let connection: Connection
  /// Whether directories are kept; only for a connection that does not write.
  var keepsDirectories = false
  private var kept: (version: Int64, rows: [SegmentTable.Row])?

  init(connection: Connection) {
    self.connection = connection
  }

  /// Returns the segments in the order of positions, with the directories of those that may have an
  /// event in the range.
  ///
  /// It must be called within a transaction, such as that of the scan's statement.
  func rows(in range: TimeRange) throws(StoreError) -> [SegmentTable.Row] {
    guard keepsDirectories else {
      return try SegmentTable(connection: connection).rows(in: range)
    }
    let rows = try allRows()
    if range == .everything { return rows }
    return rows.map { row in
      if range.mayContain(row.timestamps) { return row }
      var row = row
      row.directory = nil
      return row
    }
  }

  private func allRows() throws(StoreError) -> [SegmentTable.Row] {
    let version = try connection.dataVersion()
    if let kept, kept.version == version { return kept.rows }
    let rows = try SegmentTable(connection: connection).rows(in: .everything)
    kept = (version, rows)
    return rows
  }
}

extension TimeRange {
  /// Whether the range and bounds of times overlap; false if there are no times, unless the range
  /// is unlimited.
  fileprivate func mayContain(_ bounds: ClosedRange<Int64>?) -> Bool {
    guard start != nil || end != nil else { return true }
    guard let bounds else { return false }
    return (start.map { bounds.upperBound >= $0 } ?? true)
      && (end.map { bounds.lowerBound < $0 } ?? true)
  }
}
