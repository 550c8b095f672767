/// The table `sources`: how much of which input the store has taken in.
public final class SourceTable {
  /// A row: the first `byteCount` bytes with this hash gave `eventCount` events.
  public struct Source: Equatable, Sendable {
    public var id: Int64
    /// The source whose events this one's go on with; its own id where it begins with no other.
    public var rootID: Int64
    public var byteCount: Int
    /// 128 bits in hexadecimal, behind a mark of how they were computed.
    public var contentHash: String
    public var eventCount: Int

    public init(
      id: Int64, rootID: Int64, byteCount: Int = 0, contentHash: String = "", eventCount: Int = 0
    ) {
      self.id = id
      self.rootID = rootID
      self.byteCount = byteCount
      self.contentHash = contentHash
      self.eventCount = eventCount
    }
  }

  private let connection: Connection
  private let candidatesQuery: Statement
  private let insertRow: Statement
  private let updateRow: Statement

  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    candidatesQuery = try connection.prepare(
      """
      SELECT id, root_id, byte_count, content_hash, event_count FROM sources
      WHERE head_hash IN (?1, 0) AND log_group IS ?2 AND log_stream IS ?3 AND byte_count > 0
      ORDER BY byte_count, id
      """)
    insertRow = try connection.prepare(
      """
      INSERT INTO sources (path, log_format, log_group, log_stream, head_hash, root_id,
        byte_count, content_hash, event_count)
      VALUES (?1, ?2, ?3, ?4, ?5,
        ifnull(?6, (SELECT ifnull(max(id), 0) + 1 FROM sources)), 0, '', 0)
      """)
    updateRow = try connection.prepare(
      "UPDATE sources SET byte_count = ?2, content_hash = ?3, event_count = ?4 WHERE id = ?1")
  }

  /// The sources that may be the beginning of an input, the shortest first.
  ///
  /// `headHash` is of the first 64 bytes; sources of fewer bytes, which have 0, come as well.
  public func candidates(
    headHash: Int64, logGroup: String?, logStream: String?
  ) throws(StoreError) -> [Source] {
    defer { candidatesQuery.reset() }
    candidatesQuery.bind(headHash, at: 1)
    candidatesQuery.bind(logGroup, at: 2)
    candidatesQuery.bind(logStream, at: 3)
    var sources: [Source] = []
    while try candidatesQuery.step() {
      sources.append(
        Source(
          id: candidatesQuery.integer(at: 0), rootID: candidatesQuery.integer(at: 1),
          byteCount: Int(candidatesQuery.integer(at: 2)),
          contentHash: candidatesQuery.text(at: 3), eventCount: Int(candidatesQuery.integer(at: 4))
        ))
    }
    return sources
  }

  /// Adds a source of which nothing is read yet.
  ///
  /// `rootID` is that of the source which it begins with.
  public func add(
    path: String, logFormat: String, logGroup: String?, logStream: String?, headHash: Int64,
    rootID: Int64?
  ) throws(StoreError) -> Source {
    insertRow.bind(path, at: 1)
    insertRow.bind(logFormat, at: 2)
    insertRow.bind(logGroup, at: 3)
    insertRow.bind(logStream, at: 4)
    insertRow.bind(headHash, at: 5)
    insertRow.bind(rootID, at: 6)
    try insertRow.run()
    let id = connection.lastInsertedID
    return Source(id: id, rootID: rootID ?? id)
  }

  /// Notes how far a source has been read.
  public func update(_ source: Source) throws(StoreError) {
    updateRow.bind(source.id, at: 1)
    updateRow.bind(Int64(source.byteCount), at: 2)
    updateRow.bind(source.contentHash, at: 3)
    updateRow.bind(Int64(source.eventCount), at: 4)
    try updateRow.run()
  }
}
