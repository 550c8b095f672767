internal import InsightsModel
internal import InsightsStore
internal import InsightsThreads

/// Deletes rows of `events` that have been replaced, or are duplicates, and unites sources.
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

  /// Deletes rows of streams that are compared by content, and that this run `ingest` or another one
  /// has stored although an earlier run had stored the same.
  ///
  /// All runs determine the same rows.
  func removeCopies(
    ofStreams keys: [StreamKey], besides ingest: UInt64
  ) throws(StoreError) {
    let condition = StreamCondition(keys)
    var parameters = condition.parameters
    parameters["ingest"] = .unsignedInteger(ingest)
    let identity =
      "\(StreamKey.columns), timestamp_ms, if(event_id = '', number, 0), event_id, "
      + EventIdentity.hashExpression
    try remove(
      """
      SELECT \(StreamKey.columns), timestamp_ms, position, event_id, ingest FROM (
        SELECT \(StreamKey.columns), timestamp_ms, position, event_id, ingest,
          min(ingest) OVER (PARTITION BY \(identity)) AS first,
          max(ingest = {ingest:UInt64}) OVER (PARTITION BY \(identity)) AS is_own
        FROM events
        WHERE \(condition.text) AND chain = 0 AND timestamp_ms >= (
            SELECT min(timestamp_ms) FROM events WHERE \(condition.text) AND ingest = {ingest:UInt64})
          AND timestamp_ms <= (
            SELECT max(timestamp_ms) FROM events WHERE \(condition.text) AND ingest = {ingest:UInt64}))
      WHERE ingest > first AND is_own
      """, parameters)
  }

  /// Deletes all but one row for each place in a source: one with the whole line rather than with its
  /// beginning, and that of the earliest run.
  func removeCopies(ofSource source: UInt64, in key: StreamKey) throws(StoreError) {
    let condition = StreamCondition([key])
    var parameters = condition.parameters
    parameters["source"] = .unsignedInteger(source)
    try remove(
      """
      SELECT \(StreamKey.columns), timestamp_ms, position, event_id, ingest FROM (
        SELECT \(StreamKey.columns), timestamp_ms, position, event_id, ingest,
          row_number() OVER (
            PARTITION BY number ORDER BY length(message) DESC, ingest, position) AS rank
        FROM events
        WHERE \(condition.text) AND chain != 0 AND source = {source:UInt64})
      WHERE rank > 1
      """, parameters)
  }

  /// Makes the rows of `others` rows of `source`.
  func unite(
    _ others: [UInt64], with source: UInt64, in key: StreamKey
  ) throws(StoreError) {
    guard !others.isEmpty else { return }
    let condition = StreamCondition([key])
    var parameters = condition.parameters
    parameters["source"] = .unsignedInteger(source)
    parameters["others"] = .unsigned(others)
    try client.execute(
      """
      ALTER TABLE \(layout.local("events")) UPDATE source = {source:UInt64}
      WHERE \(condition.text) AND chain != 0 AND source IN {others:Array(UInt64)}
      """, parameters: parameters, settings: ["mutations_sync": "2"], cancellation: cancellation)
  }

  /// Deletes the rows that a statement selects.
  private func remove(
    _ selection: String, _ parameters: [String: ClickHouseParameter]
  ) throws(StoreError) {
    let rows = try client.rows(selection, parameters: parameters, cancellation: cancellation)
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
