public import InsightsModel
public import InsightsSQLite

/// The table `invocation_rows`, the view `invocations`: one row for each run of a function.
public final class InvocationTable {
  /// A row without its log stream; `attempt` is set by `renumberAttempts`.
  public struct Row: Equatable, Sendable {
    /// How an invocation ended.
    public enum Status: String, Sendable { case success, error, timeout, incomplete }

    /// The request; `nil` if unknown.
    public var requestID: RequestID?
    /// The version of the function.
    public var version: String?
    /// Epoch milliseconds of START.
    public var start: Int64?
    /// Epoch milliseconds of REPORT.
    public var end: Int64?
    /// The duration in milliseconds.
    public var durationMilliseconds: Double?
    /// The billed duration in milliseconds.
    public var billedMilliseconds: Int64?
    /// The configured memory in megabytes.
    public var memoryMegabytes: Int64?
    /// The peak memory in megabytes.
    public var maxMemoryMegabytes: Int64?
    /// The duration of a cold start in milliseconds.
    public var initMilliseconds: Double?
    /// The duration of a SnapStart restore in milliseconds.
    public var restoreMilliseconds: Double?
    /// The billed part of a restore in milliseconds.
    public var billedRestoreMilliseconds: Int64?
    /// How it ended; `incomplete` without a REPORT.
    public var status = Status.incomplete
    /// The type of its error; `nil` if it succeeded.
    public var errorType: String?
    /// Whether it was a cold start.
    public var isColdStart = false
    /// Whether it was stopped at its timeout.
    public var isTimedOut = false
    /// Whether it ran out of memory.
    public var isOutOfMemory = false
    /// The id of its X-Ray trace.
    public var xrayTraceID: String?

    /// Makes a row without values.
    public init(requestID: RequestID?) {
      self.requestID = requestID
    }
  }

  private let connection: Connection
  private let insertion: RowInsertion
  private let counts: FactCounts
  private let zones: InvocationZoneBuilder
  private let deleteRows: Statement
  private let renumber: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertion = try RowInsertion(
      into: "invocation_rows", columns: InvocationRows.columns, constants: [("attempt", "1")],
      connection: connection)
    counts = try FactCounts(connection: connection)
    zones = try InvocationZoneBuilder(connection: connection)
    deleteRows = try connection.prepare(
      """
      DELETE FROM invocation_rows
      WHERE log_stream_id IN (SELECT id FROM log_streams WHERE is_stale = 1)
      """)
    renumber = try connection.prepare(
      """
      WITH ranked AS (
        SELECT r.id AS id, row_number() OVER (
          PARTITION BY s.log_group_id, r.request_id
          ORDER BY ifnull(r.start_ms, r.end_ms), ifnull(r.start_ms, 0) + r.end_ms, r.id) AS rank
        FROM invocation_rows AS r JOIN log_streams AS s ON s.id = r.log_stream_id
        WHERE r.request_id IN (
          SELECT request_id FROM invocation_rows GROUP BY request_id HAVING count(*) > 1))
      UPDATE invocation_rows SET attempt = ranked.rank
      FROM ranked WHERE ranked.id = invocation_rows.id AND attempt <> ranked.rank
      """)
  }

  /// Inserts rows of a stream, in their order.
  public func insert(_ rows: [Row], streamID: Int64) throws(StoreError) {
    guard !rows.isEmpty else { return }
    var prepared = InvocationRows()
    for row in rows { prepared.append(row, streamID: streamID) }
    try insert(prepared, 0..<prepared.count)
  }

  /// Inserts some of the prepared rows, in their order.
  public func insert(_ rows: InvocationRows, _ range: Range<Int>) throws(StoreError) {
    guard !range.isEmpty else { return }
    let firstID = try insertion.insert(rows.batch, rows: range)
    try zones.add(range, of: rows, firstID: firstID)
    try counts.add(rows.counts(range))
  }

  /// Deletes the invocations of stale streams; returns their number.
  public func deleteOfStaleStreams() throws(StoreError) -> Int {
    try counts.subtractStaleInvocations()
    try deleteRows.run()
    let count = connection.changeCount
    if count > 0 {
      zones.giveUp()
      try InvocationZones.removeAll(connection)
    }
    return count
  }

  /// Returns the greatest id of a row; 0 if there is none.
  public func lastID() throws(StoreError) -> Int64 {
    let statement = try connection.prepare("SELECT max(id) FROM invocation_rows")
    return try statement.step() ? statement.integer(at: 0) : 0
  }

  /// Whether a row with a lower id has a request id for which `isWanted` returns true.
  public func containsRequest(
    below id: Int64, where isWanted: (RequestID) -> Bool
  ) throws(StoreError) -> Bool {
    let statement = try connection.prepare(
      "SELECT request_id FROM invocation_rows WHERE id < ?1 AND request_id IS NOT NULL")
    statement.bind(id, at: 1)
    while try statement.step() {
      if isWanted(InvocationTable.requestID(in: statement, at: 0)) { return true }
    }
    return false
  }

  /// Calls `body` with the rows from this id on that have a request id.
  public func forEachRequest(
    from id: Int64, body: (_ id: Int64, _ request: RequestID) -> Void
  ) throws(StoreError) {
    let statement = try connection.prepare(
      "SELECT id, request_id FROM invocation_rows WHERE id >= ?1 AND request_id IS NOT NULL")
    statement.bind(id, at: 1)
    while try statement.step() {
      body(statement.integer(at: 0), InvocationTable.requestID(in: statement, at: 1))
    }
  }

  private static func requestID(in row: Statement, at index: Int) -> RequestID {
    if row.type(at: index) == .blob, let uuid = UUID(stored: row.blob(at: index)) {
      RequestID(uuid)
    } else {
      RequestID(row.bytes(at: index))
    }
  }

  /// Deletes the rows with these ids.
  public func delete(_ ids: Range<Int64>) throws(StoreError) {
    guard !ids.isEmpty else { return }
    try counts.subtractInvocations(ids)
    let statement = try connection.prepare(
      "DELETE FROM invocation_rows WHERE id >= ?1 AND id < ?2")
    statement.bind(ids.lowerBound, at: 1)
    statement.bind(ids.upperBound, at: 2)
    try statement.run()
  }

  /// Returns at most `limit` requests that have several rows with the same values, in streams of
  /// unknown group and name.
  public func requestsToldTwice(limit: Int) throws(StoreError) -> [RequestID] {
    let statement = try connection.prepare(
      """
      SELECT DISTINCT request_id FROM (
        SELECT request_id FROM invocation_rows
        WHERE typeof(request_id) = 'blob' AND log_stream_id IN (
          SELECT s.id FROM log_streams AS s JOIN log_groups AS g ON g.id = s.log_group_id
          WHERE s.name IS NULL AND g.name IS NULL)
        GROUP BY log_stream_id, request_id, start_ms, end_ms, duration, max_memory_mb
        HAVING count(*) > 1)
      LIMIT ?1
      """)
    statement.bind(Int64(limit), at: 1)
    var requests: [RequestID] = []
    while try statement.step() {
      if let uuid = UUID(stored: statement.blob(at: 0)) { requests.append(RequestID(uuid)) }
    }
    return requests
  }

  /// Numbers the attempts of each request again, over all streams of its log group.
  public func renumberAttempts() throws(StoreError) {
    try renumber.run()
  }
}
