public import InsightsModel
public import InsightsSQLite

/// The tables `errors` and `frames`.
public final class ErrorTable {
  /// A frame of a traceback.
  public struct Frame: Equatable, Sendable {
    /// The path of the source file.
    public var file: String?
    /// The line, from 1.
    public var line: Int64?
    /// The name of the function.
    public var function: String?
    /// The source code of the line.
    public var code: String?

    /// Makes a frame.
    public init(
      file: String? = nil, line: Int64? = nil, function: String? = nil, code: String? = nil
    ) {
      self.file = file
      self.line = line
      self.function = function
      self.code = code
    }
  }

  /// A row without its log stream.
  public struct Row: Equatable, Sendable {
    /// Who reported the error.
    public enum Kind: String, Sendable { case unhandled, logged, platform, gateway }

    /// Epoch milliseconds; `nil` if the event has no time.
    public var timestamp: Int64?
    /// The request; `nil` if unknown.
    public var requestID: RequestID?
    /// Who reported the error.
    public var kind: Kind
    /// The language or platform, such as `python`; `nil` if unknown.
    public var runtime: String?
    /// The class or type of the error.
    public var type: String?
    /// The message of the error.
    public var message: String?
    /// `file:line function` of the application's innermost frame.
    public var topFrame: String?
    /// Identifies the fault: sixteen hexadecimal digits.
    public var fingerprint: String?
    /// The HTTP status that a gateway returned.
    public var httpStatus: Int64?
    /// The gateway's request id.
    public var gatewayRequestID: String?
    /// The text of the traceback.
    public var traceback: String?
    /// The innermost first.
    public var frames: [Frame] = []

    /// Makes a row without values.
    public init(kind: Kind) {
      self.kind = kind
    }
  }

  private static let columns = [
    "timestamp_ms", "log_group", "log_stream", "request_id", "kind", "runtime", "type", "message",
    "top_frame", "fingerprint", "http_status", "gateway_request_id", "traceback", "log_stream_id",
  ]
  private static let frameColumns = ["error_id", "position", "file", "line", "function", "code"]
  /// The size of texts in bytes at which a batch is inserted.
  private static let batchByteLimit = 16 << 20

  private let connection: Connection
  private let rowInsertion: RowInsertion
  private let frameInsertion: RowInsertion
  private let counts: FactCounts
  private let deleteFrames: Statement
  private let deleteRows: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    rowInsertion = try RowInsertion(
      into: "errors", columns: ErrorTable.columns, connection: connection)
    frameInsertion = try RowInsertion(
      into: "frames", columns: ErrorTable.frameColumns, connection: connection)
    counts = try FactCounts(connection: connection)
    let stale = "SELECT id FROM log_streams WHERE is_stale = 1"
    deleteFrames = try connection.prepare(
      """
      DELETE FROM frames
      WHERE error_id IN (SELECT id FROM errors WHERE log_stream_id IN (\(stale)))
      """)
    deleteRows = try connection.prepare("DELETE FROM errors WHERE log_stream_id IN (\(stale))")
  }

  /// Inserts errors of a stream, in their order.
  public func insert(
    _ rows: [Row], streamID: Int64, names: StreamTable.Names
  ) throws(StoreError) {
    guard !rows.isEmpty else { return }
    try counts.add([.errors: rows.count, .throttles: rows.count { $0.isThrottle }])
    var batch = PreparedRows(columnCount: ErrorTable.columns.count)
    var frames = PreparedRows(columnCount: ErrorTable.frameColumns.count)
    for (index, row) in rows.enumerated() {
      append(row, streamID: streamID, names: names, to: &batch)
      for (position, frame) in row.frames.enumerated() {
        // The index of its error in the batch, until the ids are known.
        frames.append(Int64(batch.count - 1))
        frames.append(Int64(position))
        frames.append(frame.file)
        frames.append(frame.line)
        frames.append(frame.function)
        frames.append(frame.code)
        frames.endRow()
      }
      if index == rows.count - 1
        || max(batch.bytes.count, frames.bytes.count) >= ErrorTable.batchByteLimit
      {
        frames.add(try rowInsertion.insert(batch), toColumn: 0)
        try frameInsertion.insert(frames)
        batch.removeAll()
        frames.removeAll()
      }
    }
  }

  private func append(
    _ row: Row, streamID: Int64, names: StreamTable.Names, to batch: inout PreparedRows
  ) {
    batch.append(row.timestamp)
    batch.append(names.logGroup)
    batch.append(names.logStream)
    batch.append(textOf: row.requestID)
    batch.append(row.kind.rawValue)
    batch.append(row.runtime)
    batch.append(row.type)
    batch.append(row.message)
    batch.append(row.topFrame)
    batch.append(row.fingerprint)
    batch.append(row.httpStatus)
    batch.append(row.gatewayRequestID)
    batch.append(row.traceback)
    batch.append(streamID)
    batch.endRow()
  }

  /// Returns the greatest id of a row; 0 if there is none.
  public func lastID() throws(StoreError) -> Int64 {
    let statement = try connection.prepare("SELECT max(id) FROM errors")
    return try statement.step() ? statement.integer(at: 0) : 0
  }

  /// Deletes the rows with these ids, and their frames.
  public func delete(_ ids: Range<Int64>) throws(StoreError) {
    guard !ids.isEmpty else { return }
    try counts.subtractErrors(ids)
    for sql in [
      "DELETE FROM frames WHERE error_id >= ?1 AND error_id < ?2",
      "DELETE FROM errors WHERE id >= ?1 AND id < ?2",
    ] {
      let statement = try connection.prepare(sql)
      statement.bind(ids.lowerBound, at: 1)
      statement.bind(ids.upperBound, at: 2)
      try statement.run()
    }
  }

  /// Updates the names in all errors to the current ones of their streams.
  public func updateNames() throws(StoreError) {
    try connection.execute(
      """
      UPDATE errors SET log_group = n.log_group, log_stream = n.log_stream
      FROM (
        SELECT s.id AS id, g.name AS log_group, s.name AS log_stream
        FROM log_streams AS s JOIN log_groups AS g ON g.id = s.log_group_id) AS n
      WHERE n.id = errors.log_stream_id
        AND (errors.log_group IS NOT n.log_group OR errors.log_stream IS NOT n.log_stream)
      """)
  }

  /// Deletes the errors of stale streams with their frames; returns their number.
  public func deleteOfStaleStreams() throws(StoreError) -> Int {
    try counts.subtractStaleErrors()
    try deleteFrames.run()
    try deleteRows.run()
    return connection.changeCount
  }
}
