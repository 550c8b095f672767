internal import InsightsSegments
public import InsightsModel
public import InsightsSQLite

/// The tables behind the view `invocations`: one row for each run of a function.
public final class InvocationTable {
  /// A row without its log stream; `attempt` is set by `renumberAttempts`.
  public struct Row: Equatable, Sendable {
    /// The outcome of an invocation.
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
    /// The outcome; `incomplete` without a REPORT.
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
  private let detailInsertion: RowInsertion
  private let groups: InvocationGroups
  private let counts: FactCounts
  private let zones: InvocationZoneBuilder
  private let deleteDetails: Statement
  private let deleteRows: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertion = try RowInsertion(
      into: "invocation_rows", columns: InvocationRows.columns, connection: connection)
    detailInsertion = try RowInsertion(
      into: "invocation_details", columns: InvocationRows.detailColumns, connection: connection)
    groups = try InvocationGroups(connection: connection)
    counts = try FactCounts(connection: connection)
    zones = try InvocationZoneBuilder(connection: connection)
    let stale = """
      group_id IN (
        SELECT i.id FROM invocation_groups AS i JOIN log_streams AS s ON s.id = i.log_stream_id
        WHERE s.is_stale = 1)
      """
    deleteDetails = try connection.prepare(
      """
      DELETE FROM invocation_details
      WHERE id IN (SELECT id FROM invocation_rows WHERE outcome & 32 AND \(stale))
      """)
    deleteRows = try connection.prepare("DELETE FROM invocation_rows WHERE \(stale)")
  }

  /// Inserts rows of a stream, in their order.
  public func insert(_ rows: [Row], streamID: Int64) throws(StoreError) {
    guard !rows.isEmpty else { return }
    var prepared = InvocationRows()
    for row in rows { prepared.append(row, streamID: streamID) }
    try insert(try place(prepared), 0..<prepared.count)
  }

  /// Rows whose groups have been set, so that they can be inserted.
  public struct PlacedRows {
    fileprivate var rows: InvocationRows
  }

  /// Sets the groups of prepared rows; the result is valid until rows are deleted.
  public func place(_ rows: InvocationRows) throws(StoreError) -> PlacedRows {
    var rows = rows
    try rows.place(groups.place)
    return PlacedRows(rows: rows)
  }

  /// Inserts some of the rows, in their order.
  public func insert(_ placed: PlacedRows, _ range: Range<Int>) throws(StoreError) {
    guard !range.isEmpty else { return }
    let rows = placed.rows
    let firstID = try insertion.insert(rows.batch, rows: range)
    let details = rows.details(of: range)
    if !details.isEmpty {
      try detailInsertion.insert(
        rows.details, rows: details, offset: firstID - Int64(range.lowerBound))
    }
    try zones.add(range, of: rows, firstID: firstID)
    try counts.add(rows.counts(range))
  }

  /// Deletes the invocations of stale streams; returns their number.
  public func deleteOfStaleStreams() throws(StoreError) -> Int {
    try counts.subtractStaleInvocations()
    try deleteDetails.run()
    try deleteRows.run()
    let count = connection.changeCount
    try groups.deleteOfStaleStreams()
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
    for table in ["invocation_details", "invocation_rows"] {
      let statement = try connection.prepare("DELETE FROM \(table) WHERE id >= ?1 AND id < ?2")
      statement.bind(ids.lowerBound, at: 1)
      statement.bind(ids.upperBound, at: 2)
      try statement.run()
    }
  }

  /// Returns at most `limit` requests with several equal rows, in streams without a group and name.
  public func repeatedRequests(limit: Int) throws(StoreError) -> [RequestID] {
    let statement = try connection.prepare(
      """
      SELECT DISTINCT request_id FROM (
        SELECT r.request_id AS request_id
        FROM invocation_rows AS r CROSS JOIN \(InvocationColumns.groups)
        WHERE typeof(r.request_id) = 'blob' AND i.log_stream_id IN (
          SELECT s.id FROM log_streams AS s JOIN log_groups AS g ON g.id = s.log_group_id
          WHERE s.name IS NULL AND g.name IS NULL)
        GROUP BY i.log_stream_id, r.request_id, \(InvocationColumns.start), r.end_ms, r.duration,
          r.max_memory_mb
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

  /// Sets the attempts of rows; a new row has attempt 1.
  public func setAttempts(
    _ attempts: [(id: Int64, attempt: Int64)]
  ) throws(StoreError) {
    guard !attempts.isEmpty else { return }
    let detail = try connection.prepare(
      """
      INSERT INTO invocation_details (id, attempt) VALUES (?1, ?2)
      ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt
      """)
    let mark = try connection.prepare(
      "UPDATE invocation_rows SET outcome = outcome | 32 WHERE id = ?1")
    for (id, attempt) in attempts {
      detail.bind(id, at: 1)
      detail.bind(attempt, at: 2)
      try detail.run()
      mark.bind(id, at: 1)
      try mark.run()
    }
  }

  /// Numbers the attempts of each request, over all streams of its log group.
  public func renumberAttempts() throws(StoreError) {
    try connection.execute(
      """
      WITH ranked AS (
        SELECT r.id AS id, row_number() OVER (
          PARTITION BY s.log_group_id, r.request_id
          ORDER BY ifnull(\(InvocationColumns.start), \(InvocationColumns.end)), \(InvocationColumns.end),
            r.id) AS rank
        FROM invocation_rows AS r CROSS JOIN \(InvocationColumns.groups)
          CROSS JOIN log_streams AS s ON s.id = i.log_stream_id
        WHERE r.request_id IN (
          SELECT request_id FROM invocation_rows GROUP BY request_id HAVING count(*) > 1))
      INSERT INTO invocation_details (id, attempt)
      SELECT id, nullif(rank, 1) FROM ranked
      WHERE rank > 1 OR id IN (SELECT id FROM invocation_details WHERE attempt IS NOT NULL)
      ON CONFLICT (id) DO UPDATE SET attempt = excluded.attempt WHERE attempt IS NOT excluded.attempt;
      UPDATE invocation_rows SET outcome = outcome | 32
      WHERE outcome & 32 = 0
        AND id IN (SELECT id FROM invocation_details WHERE attempt IS NOT NULL);
      """)
  }
}
