public import InsightsModel
public import InsightsSQLite

/// The tables behind the views `errors` and `frames`.
///
/// The common parts of errors are stored once: a *group* with its frames, and a message.
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
    "timestamp_ms", "log_stream_id", "request_id", "gateway_request_id", "group_id", "message_id",
  ]

  private let connection: Connection
  private let rowInsertion: RowInsertion
  private let frameInsertion: Statement
  private let groups: SharedRows
  private let messages: SharedRows
  private let counts: FactCounts
  private let deleteRows: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    rowInsertion = try RowInsertion(
      into: "error_rows", columns: ErrorTable.columns, connection: connection)
    frameInsertion = try connection.prepare(
      "INSERT INTO error_frames VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
    groups = try SharedRows(
      table: "error_groups",
      columns: [
        "kind", "runtime", "type", "top_frame", "fingerprint", "http_status", "traceback",
        "message_place",
      ], connection: connection)
    messages = try SharedRows(table: "error_messages", columns: ["text"], connection: connection)
    counts = try FactCounts(connection: connection)
    deleteRows = try connection.prepare(
      """
      DELETE FROM error_rows
      WHERE log_stream_id IN (SELECT id FROM log_streams WHERE is_stale = 1)
      """)
  }

  /// Inserts errors of a stream, in their order; returns the id of the first, which the others
  /// follow.
  @discardableResult
  public func insert(_ rows: [Row], streamID: Int64) throws(StoreError) -> Int64 {
    guard !rows.isEmpty else { return 0 }
    try counts.add([.errors: rows.count, .throttles: rows.count { $0.isThrottle }])
    var batch = PreparedRows(columnCount: ErrorTable.columns.count)
    batch.reserve(rowCount: rows.count)
    for row in rows {
      batch.append(row.timestamp)
      batch.append(streamID)
      batch.append(row.requestID)
      batch.append(row.gatewayRequestID.map { RequestID($0) })
      batch.append(try groupID(of: row))
      batch.append(try messageID(of: row))
      batch.endRow()
    }
    return try rowInsertion.insert(batch)
  }

  /// Gives the rows with these ids the request that they turned out to belong to.
  public func setRequest(_ requestID: RequestID, of ids: Range<Int64>) throws(StoreError) {
    let statement = try connection.prepare(
      "UPDATE error_rows SET request_id = ?1 WHERE id >= ?2 AND id < ?3")
    statement.bind(requestID, at: 1)
    statement.bind(ids.lowerBound, at: 2)
    statement.bind(ids.upperBound, at: 3)
    try statement.run()
  }

  private func messageID(of row: Row) throws(StoreError) -> Int64? {
    guard let message = row.message else { return nil }
    return try messages.id(of: [.text(message)]).id
  }

  /// Returns the id of the group of a row; adds the group with its frames if it is missing.
  private func groupID(of row: Row) throws(StoreError) -> Int64 {
    let traceback = TracebackText(row.traceback, around: row.message)
    let frames = row.frames.map {
      [Value($0.file), Value($0.line), Value($0.function), Value($0.code)]
    }
    let (id, isNew) = try groups.id(
      of: [
        .text(row.kind.rawValue), Value(row.runtime), Value(row.type), Value(row.topFrame),
        Value(row.fingerprint), Value(row.httpStatus), Value(traceback.text),
        Value(traceback.messagePlace),
      ], with: frames.flatMap { $0 })
    guard isNew else { return id }
    for (position, frame) in frames.enumerated() {
      frameInsertion.bind(id, at: 1)
      frameInsertion.bind(Int64(position), at: 2)
      for (index, value) in frame.enumerated() { frameInsertion.bind(value, at: index + 3) }
      try frameInsertion.run()
    }
    return id
  }

  /// Returns the greatest id of a row; 0 if there is none.
  public func lastID() throws(StoreError) -> Int64 {
    let statement = try connection.prepare("SELECT max(id) FROM error_rows")
    return try statement.step() ? statement.integer(at: 0) : 0
  }

  /// Deletes the rows with these ids.
  public func delete(_ ids: Range<Int64>) throws(StoreError) {
    guard !ids.isEmpty else { return }
    try counts.subtractErrors(ids)
    let statement = try connection.prepare("DELETE FROM error_rows WHERE id >= ?1 AND id < ?2")
    statement.bind(ids.lowerBound, at: 1)
    statement.bind(ids.upperBound, at: 2)
    try statement.run()
  }

  /// Deletes the errors of stale streams; returns their number.
  public func deleteOfStaleStreams() throws(StoreError) -> Int {
    try counts.subtractStaleErrors()
    try deleteRows.run()
    return connection.changeCount
  }

  /// Deletes groups and messages that no error has any more.
  ///
  /// Apart from the errors, because most are derived again soon.
  public func removeUnused() throws(StoreError) {
    try connection.execute(
      """
      DELETE FROM error_frames WHERE group_id NOT IN (SELECT group_id FROM error_rows);
      DELETE FROM error_groups WHERE id NOT IN (SELECT group_id FROM error_rows);
      DELETE FROM error_messages
      WHERE id NOT IN (SELECT message_id FROM error_rows WHERE message_id IS NOT NULL);
      """)
    groups.forget()
    messages.forget()
  }
}
