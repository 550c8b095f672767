/// The table `invocation_rows`, the view `invocations`: one row for each time that a function ran.
public final class InvocationTable {
  /// A row without its log stream; `attempt` is counted by `renumberAttempts`.
  public struct Row: Equatable, Sendable {
    /// How an invocation ended.
    public enum Status: String, Sendable { case success, error, timeout, incomplete }

    public var requestID: String?
    public var version: String?
    /// Epoch milliseconds of START.
    public var start: Int64?
    /// Epoch milliseconds of REPORT.
    public var end: Int64?
    public var durationMilliseconds: Double?
    public var billedMilliseconds: Int64?
    public var memoryMegabytes: Int64?
    public var maxMemoryMegabytes: Int64?
    public var initMilliseconds: Double?
    public var restoreMilliseconds: Double?
    public var billedRestoreMilliseconds: Int64?
    public var status = Status.incomplete
    public var errorType: String?
    public var isColdStart = false
    public var isTimedOut = false
    public var isOutOfMemory = false
    public var xrayTraceID: String?

    public init(requestID: String?) {
      self.requestID = requestID
    }
  }

  private let connection: Connection
  private let insertRow: Statement
  private let deleteRows: Statement
  private let renumber: Statement

  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertRow = try connection.prepare(
      """
      INSERT INTO invocation_rows (log_stream_id, request_id, attempt, outcome, version, start_ms,
        end_ms, duration, billed_ms, memory_mb, max_memory_mb, init, restore, billed_restore_ms,
        error_type, xray_trace_id)
      VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
      """)
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

  public func insert(_ row: Row, streamID: Int64) throws(StoreError) {
    insertRow.bind(streamID, at: 1)
    bind(requestID: row.requestID)
    insertRow.bind(outcome(of: row), at: 3)
    if row.version == "$LATEST" {
      insertRow.bind(Int64(0), at: 4)
    } else {
      insertRow.bind(row.version, at: 4)
    }
    insertRow.bind(row.start, at: 5)
    insertRow.bind(row.end.map { $0 &- (row.start ?? 0) }, at: 6)
    bind(milliseconds: row.durationMilliseconds, at: 7)
    insertRow.bind(row.billedMilliseconds, at: 8)
    insertRow.bind(row.memoryMegabytes, at: 9)
    insertRow.bind(row.maxMemoryMegabytes, at: 10)
    bind(milliseconds: row.initMilliseconds, at: 11)
    bind(milliseconds: row.restoreMilliseconds, at: 12)
    insertRow.bind(row.billedRestoreMilliseconds, at: 13)
    insertRow.bind(row.errorType, at: 14)
    insertRow.bind(row.xrayTraceID, at: 15)
    try insertRow.run()
  }

  private func bind(requestID: String?) {
    guard var requestID else {
      insertRow.bind(nil as Int64?, at: 2)
      return
    }
    if let uuid = requestID.withUTF8({ UUID($0) }) {
      withUnsafeBytes(of: (uuid.high.bigEndian, uuid.low.bigEndian)) {
        insertRow.bind(blob: $0, at: 2)
      }
    } else {
      insertRow.bind(requestID, at: 2)
    }
  }

  private func outcome(of row: Row) -> Int64 {
    let status: Int64
    switch row.status {
    case .success: status = 0
    case .error: status = 1
    case .timeout: status = 2
    case .incomplete: status = 3
    }
    return status | (row.isColdStart ? 4 : 0) | (row.isTimedOut ? 8 : 0)
      | (row.isOutOfMemory ? 16 : 0)
  }

  /// Binds a time as whole microseconds, where that gives the same number again.
  private func bind(milliseconds: Double?, at index: Int) {
    guard let milliseconds else {
      insertRow.bind(nil as Int64?, at: index)
      return
    }
    let microseconds = (milliseconds * 1000).rounded()
    if abs(microseconds) < 0x1p53, (microseconds / 1000).bitPattern == milliseconds.bitPattern {
      insertRow.bind(Int64(microseconds), at: index)
    } else {
      insertRow.bind(milliseconds, at: index)
    }
  }

  /// Removes the invocations of the stale streams and gives their number.
  public func deleteOfStaleStreams() throws(StoreError) -> Int {
    try deleteRows.run()
    return connection.changeCount
  }

  /// The greatest id of a row; 0 without any.
  public func lastID() throws(StoreError) -> Int64 {
    let statement = try connection.prepare("SELECT max(id) FROM invocation_rows")
    return try statement.step() ? statement.integer(at: 0) : 0
  }

  /// Whether a row with a lesser id has a request id for which `isWanted`.
  public func containsRequest(
    below id: Int64, where isWanted: (String) -> Bool
  ) throws(StoreError) -> Bool {
    let statement = try connection.prepare(
      "SELECT request_id FROM invocations WHERE id < ?1 AND request_id IS NOT NULL")
    statement.bind(id, at: 1)
    while try statement.step() {
      if isWanted(statement.text(at: 0)) { return true }
    }
    return false
  }

  /// Counts the attempts of each request again, over all streams of its log group.
  public func renumberAttempts() throws(StoreError) {
    try renumber.run()
  }
}
