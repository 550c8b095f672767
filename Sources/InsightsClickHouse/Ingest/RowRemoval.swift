internal import InsightsModel
internal import InsightsStore
internal import InsightsThreads

/// Deletes rows of `events` that have been replaced, or are duplicates.
struct RowRemoval {
  let client: ClickHouseClient
  let layout: ClickHouseSchema.Layout
  let cancellation: Cancellation

  /// The maximum number of rows in one statement, and of bytes of their names.
  private static let rowLimit = 1000
  private static let byteLimit = 64 << 10

  func remove(_ rows: [UploadPlan.OldRow]) throws(StoreError) {
    var start = 0
    while start < rows.count {
      var end = start
      var byteCount = 0
      repeat {
        byteCount += rows[end].key.byteCount + rows[end].eventID.count
        end += 1
      } while end < rows.count && end - start < Self.rowLimit && byteCount < Self.byteLimit
      let part = rows[start..<end]
      start = end
      try client.execute(
        """
        DELETE FROM \(layout.local("events"))
        WHERE (log_group, log_stream, timestamp_ms, position, event_id, ingest) IN arrayZip(
          {groups:Array(String)}, {streams:Array(String)}, {times:Array(Int64)},
          {positions:Array(Int64)}, {ids:Array(String)}, {ingests:Array(UInt64)})
        """,
        parameters: [
          "groups": .texts(part.map(\.key.logGroup)),
          "streams": .texts(part.map(\.key.logStream)),
          "times": .integers(part.map(\.timestamp)), "positions": .integers(part.map(\.position)),
          "ids": .texts(part.map { String(decoding: $0.eventID, as: UTF8.self) }),
          "ingests": .unsigned(part.map(\.ingest)),
        ], cancellation: cancellation)
    }
  }

  /// Deletes rows of streams that this run `ingest` or another one has stored although an earlier
  /// run had stored the same.
  ///
  /// All runs determine the same rows.
  func removeCopies(
    ofStreams keys: [StreamKey], besides ingest: UInt64
  ) throws(StoreError) {
    let condition = StreamCondition(keys)
    var parameters = condition.parameters
    parameters["ingest"] = .unsignedInteger(ingest)
    let identity =
      "\(StreamKey.columns), timestamp_ms, if(chain = 0, 0, source), chain, number, event_id, "
      + EventIdentity.hashExpression
    let rows = try client.rows(
      """
      SELECT \(StreamKey.columns), timestamp_ms, position, event_id, ingest FROM (
        SELECT \(StreamKey.columns), timestamp_ms, position, event_id, ingest,
          min(ingest) OVER (PARTITION BY \(identity)) AS first,
          max(ingest = {ingest:UInt64}) OVER (PARTITION BY \(identity)) AS is_own
        FROM events
        WHERE \(condition.text) AND timestamp_ms >= (
            SELECT min(timestamp_ms) FROM events WHERE \(condition.text) AND ingest = {ingest:UInt64})
          AND timestamp_ms <= (
            SELECT max(timestamp_ms) FROM events WHERE \(condition.text) AND ingest = {ingest:UInt64}))
      WHERE ingest > first AND is_own
      """, parameters: parameters, cancellation: cancellation)
    var surplus: [UploadPlan.OldRow] = []
    while let row = try rows.next() {
      surplus.append(
        UploadPlan.OldRow(
          key: StreamKey(row), timestamp: row.integer(4), position: row.integer(5),
          eventID: Array(row.bytes(6)), ingest: row.bits(7), source: 0, number: 0))
    }
    try remove(surplus)
  }
}
