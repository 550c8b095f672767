/// The tables `errors` and `frames`.
public final class ErrorTable {
  /// A frame of a traceback.
  public struct Frame: Equatable, Sendable {
    public var file: String?
    public var line: Int64?
    public var function: String?
    public var code: String?

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

    public var timestamp: Int64?
    public var requestID: String?
    public var kind: Kind
    public var runtime: String?
    public var type: String?
    public var message: String?
    /// `file:line function` of the innermost frame of the application.
    public var topFrame: String?
    public var fingerprint: String?
    public var httpStatus: Int64?
    public var gatewayRequestID: String?
    public var traceback: String?
    /// The innermost first.
    public var frames: [Frame] = []

    public init(kind: Kind) {
      self.kind = kind
    }
  }

  private let connection: Connection
  private let insertRow: Statement
  private let insertFrame: Statement
  private let deleteFrames: Statement
  private let deleteRows: Statement

  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertRow = try connection.prepare(
      """
      INSERT INTO errors (timestamp_ms, log_group, log_stream, request_id, kind, runtime, type,
        message, top_frame, fingerprint, http_status, gateway_request_id, traceback, log_stream_id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      """)
    insertFrame = try connection.prepare(
      """
      INSERT INTO frames (error_id, position, file, line, function, code)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """)
    let stale = "SELECT id FROM log_streams WHERE is_stale = 1"
    deleteFrames = try connection.prepare(
      """
      DELETE FROM frames
      WHERE error_id IN (SELECT id FROM errors WHERE log_stream_id IN (\(stale)))
      """)
    deleteRows = try connection.prepare("DELETE FROM errors WHERE log_stream_id IN (\(stale))")
  }

  public func insert(_ row: Row, streamID: Int64, names: StreamTable.Names) throws(StoreError) {
    insertRow.bind(row.timestamp, at: 1)
    insertRow.bind(names.logGroup, at: 2)
    insertRow.bind(names.logStream, at: 3)
    insertRow.bind(row.requestID, at: 4)
    insertRow.bind(row.kind.rawValue, at: 5)
    insertRow.bind(row.runtime, at: 6)
    insertRow.bind(row.type, at: 7)
    insertRow.bind(row.message, at: 8)
    insertRow.bind(row.topFrame, at: 9)
    insertRow.bind(row.fingerprint, at: 10)
    insertRow.bind(row.httpStatus, at: 11)
    insertRow.bind(row.gatewayRequestID, at: 12)
    insertRow.bind(row.traceback, at: 13)
    insertRow.bind(streamID, at: 14)
    try insertRow.run()
    let errorID = connection.lastInsertedID
    for (position, frame) in row.frames.enumerated() {
      insertFrame.bind(errorID, at: 1)
      insertFrame.bind(Int64(position), at: 2)
      insertFrame.bind(frame.file, at: 3)
      insertFrame.bind(frame.line, at: 4)
      insertFrame.bind(frame.function, at: 5)
      insertFrame.bind(frame.code, at: 6)
      try insertFrame.run()
    }
  }

  /// Removes the errors of the stale streams with their frames and gives their number.
  public func deleteOfStaleStreams() throws(StoreError) -> Int {
    try deleteFrames.run()
    try deleteRows.run()
    return connection.changeCount
  }
}
