/// The table `invocations`: one row for each time that a function ran.
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
      INSERT INTO invocations (request_id, log_group, log_stream, attempt, version, start_ms,
        end_ms, duration_ms, billed_ms, memory_mb, max_memory_mb, init_ms, restore_ms,
        billed_restore_ms, status, error_type, cold_start, timed_out, oom, xray_trace_id,
        log_stream_id)
      VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
        ?19, ?20)
      """)
    deleteRows = try connection.prepare("DELETE FROM invocations WHERE log_stream_id = ?1")
    renumber = try connection.prepare(
      """
      WITH ranked AS (
        SELECT id, row_number() OVER (
          PARTITION BY log_group, request_id ORDER BY ifnull(start_ms, end_ms), end_ms, id) AS rank
        FROM invocations
        WHERE request_id IN (
          SELECT request_id FROM invocations GROUP BY request_id HAVING count(*) > 1))
      UPDATE invocations SET attempt = ranked.rank
      FROM ranked WHERE ranked.id = invocations.id AND attempt <> ranked.rank
      """)
  }

  public func insert(_ row: Row, streamID: Int64, names: StreamTable.Names) throws(StoreError) {
    insertRow.bind(row.requestID, at: 1)
    insertRow.bind(names.logGroup, at: 2)
    insertRow.bind(names.logStream, at: 3)
    insertRow.bind(row.version, at: 4)
    insertRow.bind(row.start, at: 5)
    insertRow.bind(row.end, at: 6)
    insertRow.bind(row.durationMilliseconds, at: 7)
    insertRow.bind(row.billedMilliseconds, at: 8)
    insertRow.bind(row.memoryMegabytes, at: 9)
    insertRow.bind(row.maxMemoryMegabytes, at: 10)
    insertRow.bind(row.initMilliseconds, at: 11)
    insertRow.bind(row.restoreMilliseconds, at: 12)
    insertRow.bind(row.billedRestoreMilliseconds, at: 13)
    insertRow.bind(row.status.rawValue, at: 14)
    insertRow.bind(row.errorType, at: 15)
    insertRow.bind(row.isColdStart, at: 16)
    insertRow.bind(row.isTimedOut, at: 17)
    insertRow.bind(row.isOutOfMemory, at: 18)
    insertRow.bind(row.xrayTraceID, at: 19)
    insertRow.bind(streamID, at: 20)
    try insertRow.run()
  }

  /// Removes the invocations of a stream and gives their number.
  public func delete(ofStream streamID: Int64) throws(StoreError) -> Int {
    deleteRows.bind(streamID, at: 1)
    try deleteRows.run()
    return connection.changeCount
  }

  /// Counts the attempts of each request again, over all streams of its log group.
  public func renumberAttempts() throws(StoreError) {
    try renumber.run()
  }
}
