internal import InsightsModel
internal import InsightsSQLite

/// Queries of a scan.
extension Connection {
  /// Returns numbers that change when segments are added or changed.
  func segmentCounts() throws(StoreError) -> [Int64] {
    let statement = try prepare(
      "SELECT count(*), sum(event_count), sum(text_bytes), max(id) FROM main.segments")
    guard try statement.step() else { return [] }
    return (0..<statement.columnCount).map { statement.integer(at: $0) }
  }

  /// Returns the ids of the discovered fields, by the bytes of their names.
  func fieldIDs() throws(StoreError) -> [[UInt8]: Int64] {
    let statement = try prepare("SELECT id, name FROM main.fields")
    var ids: [[UInt8]: Int64] = [:]
    while try statement.step() { ids[Array(statement.bytes(at: 1))] = statement.integer(at: 0) }
    return ids
  }
}
