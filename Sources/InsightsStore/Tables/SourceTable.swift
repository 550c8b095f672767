public import InsightsModel
public import InsightsSQLite

/// The table `sources`: how much of which input has been ingested.
public final class SourceTable {
  /// Hashes of the first 64 and 4,096 bytes of an input; 0 if it is shorter.
  public struct Head: Equatable, Sendable {
    /// The hash of the first 64 bytes.
    public var short: Int64
    /// The hash of the first 4,096 bytes.
    public var long: Int64

    /// Makes a head.
    public init(short: Int64, long: Int64) {
      self.short = short
      self.long = long
    }
  }

  /// A row: the first `byteCount` bytes with this hash contained `eventCount` events.
  public struct Source: Equatable, Sendable {
    /// The id of the row; 0 until it is added.
    public var id: Int64
    /// The source whose events this one continues; its own id if it begins with no other, 0 until
    /// it is added.
    public var rootID: Int64
    /// The source that is the beginning of this one; `nil` if there is none.
    public var parentID: Int64?
    /// The hashes of its beginning.
    public var head: Head
    /// The path of the input.
    public var path: String
    /// The name of its log format.
    public var logFormat: String
    /// The log group for events without one in the input.
    public var logGroup: String?
    /// The log stream for events without one in the input.
    public var logStream: String?
    /// The number of bytes read.
    public var byteCount = 0
    /// 128 bits in hexadecimal, after a prefix for the algorithm.
    public var contentHash = ""
    /// The number of events read.
    public var eventCount = 0
    /// The number of events at its start that are stored only under other names.
    public var skippedCount = 0
    /// The positions of its own events among those of its root, in input order.
    public var positions: Range<Int64>

    /// A source that is not in the table yet.
    public init(
      path: String, logFormat: String, logGroup: String?, logStream: String?,
      head: Head, parent: Source? = nil, skippedCount: Int = 0, firstPosition: Int64
    ) {
      id = 0
      self.head = head
      rootID = parent?.rootID ?? 0
      parentID = parent?.id
      self.path = path
      self.logFormat = logFormat
      self.logGroup = logGroup
      self.logStream = logStream
      self.skippedCount = skippedCount
      positions = firstPosition..<firstPosition
    }

    /// Whether another is equal except for the end of its events, which is known only once they are
    /// written.
    public func isAlike(_ other: Source) -> Bool {
      var other = other
      other.positions = positions
      return self == other
    }

    fileprivate init(_ row: Statement) {
      id = row.integer(at: 0)
      rootID = row.integer(at: 1)
      parentID = row.optionalInteger(at: 2)
      path = row.text(at: 3)
      logFormat = row.text(at: 4)
      logGroup = row.optionalText(at: 5)
      logStream = row.optionalText(at: 6)
      byteCount = Int(row.integer(at: 7))
      contentHash = row.text(at: 8)
      eventCount = Int(row.integer(at: 9))
      skippedCount = Int(row.integer(at: 10))
      let first = row.integer(at: 11)
      positions = first..<max(first, row.integer(at: 12))
      head = Head(short: row.integer(at: 13), long: row.integer(at: 14))
    }
  }

  private static let columns = """
    id, root_id, parent_id, path, log_format, log_group, log_stream, byte_count, content_hash, \
    event_count, skipped_count, first_position, end_position, head_hash, long_head_hash
    """

  private let connection: Connection
  private let selectCandidates: Statement
  private let insertRow: Statement
  private let updateRow: Statement
  private let updateNames: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectCandidates = try connection.prepare(
      """
      SELECT \(SourceTable.columns) FROM sources
      WHERE head_hash IN (?1, 0) AND byte_count > 0
      ORDER BY byte_count, id
      """)
    insertRow = try connection.prepare(
      """
      INSERT INTO sources (path, log_format, log_group, log_stream, head_hash, root_id, parent_id,
        skipped_count, first_position, end_position, long_head_hash, byte_count, content_hash,
        event_count)
      VALUES (?1, ?2, ?3, ?4, ?5,
        ifnull(?6, (SELECT ifnull(max(id), 0) + 1 FROM sources)), ?7, ?8, ?9, ?9, ?10, 0, '', 0)
      """)
    updateRow = try connection.prepare(
      """
      UPDATE sources SET byte_count = ?2, content_hash = ?3, event_count = ?4, end_position = ?5
      WHERE id = ?1
      """)
    updateNames = try connection.prepare(
      "UPDATE sources SET log_group = ?2, log_stream = ?3, skipped_count = ?4 WHERE id = ?1")
  }

  /// Returns the sources that may be the beginning of an input, shortest first.
  ///
  /// Sources shorter than the bytes of a head are included.
  public func candidates(_ head: Head) throws(StoreError) -> [Source] {
    defer { selectCandidates.reset() }
    selectCandidates.bind(head.short, at: 1)
    var sources: [Source] = []
    while try selectCandidates.step() { sources.append(Source(selectCandidates)) }
    return sources
  }

  /// Returns a source by its id; `nil` if there is none.
  public func source(_ id: Int64) throws(StoreError) -> Source? {
    let statement = try connection.prepare(
      "SELECT \(SourceTable.columns) FROM sources WHERE id = ?1")
    statement.bind(id, at: 1)
    return try statement.step() ? Source(statement) : nil
  }

  /// Adds a source that has not been read yet; returns it with its ids.
  public func add(_ source: Source) throws(StoreError) -> Source {
    insertRow.bind(source.path, at: 1)
    insertRow.bind(source.logFormat, at: 2)
    insertRow.bind(source.logGroup, at: 3)
    insertRow.bind(source.logStream, at: 4)
    insertRow.bind(source.head.short, at: 5)
    insertRow.bind(source.rootID == 0 ? nil : source.rootID, at: 6)
    insertRow.bind(source.parentID, at: 7)
    insertRow.bind(Int64(source.skippedCount), at: 8)
    insertRow.bind(source.positions.lowerBound, at: 9)
    insertRow.bind(source.head.long, at: 10)
    try insertRow.run()
    var added = source
    added.id = connection.lastInsertedID
    if added.rootID == 0 { added.rootID = added.id }
    return added
  }

  /// Records how far a source has been read.
  public func update(_ source: Source) throws(StoreError) {
    updateRow.bind(source.id, at: 1)
    updateRow.bind(Int64(source.byteCount), at: 2)
    updateRow.bind(source.contentHash, at: 3)
    updateRow.bind(Int64(source.eventCount), at: 4)
    updateRow.bind(source.positions.upperBound, at: 5)
    try updateRow.run()
  }

  /// Removes a source of which nothing has been read.
  public func remove(_ source: Source) throws(StoreError) {
    let statement = try connection.prepare(
      "DELETE FROM sources WHERE id = ?1 AND byte_count = 0 AND event_count = 0")
    statement.bind(source.id, at: 1)
    try statement.run()
  }

  /// Returns the source for events that do not come from a file, by format and path; it is added if
  /// it is missing.
  public func sourceWithoutFile(
    path: String, logFormat: String, firstPosition: Int64
  ) throws(StoreError) -> Source {
    let statement = try connection.prepare(
      "SELECT \(SourceTable.columns) FROM sources WHERE log_format = ?1 AND path = ?2 LIMIT 1")
    statement.bind(logFormat, at: 1)
    statement.bind(path, at: 2)
    if try statement.step() { return Source(statement) }
    return try add(
      Source(
        path: path, logFormat: logFormat, logGroup: nil, logStream: nil,
        head: Head(short: 0, long: 0), firstPosition: firstPosition))
  }

  /// Resets the record of what was read for some sources, so that their files can be ingested
  /// again.
  public func forgetContent(ofRoots ids: Set<Int64>) throws(StoreError) {
    let statement = try connection.prepare(
      "UPDATE sources SET byte_count = 0, content_hash = '' WHERE root_id = ?1")
    for id in ids.sorted() {
      statement.bind(id, at: 1)
      try statement.run()
    }
  }

  /// Updates the names of a source, and how many of its events are not stored under them.
  public func rename(_ source: Source) throws(StoreError) {
    updateNames.bind(source.id, at: 1)
    updateNames.bind(source.logGroup, at: 2)
    updateNames.bind(source.logStream, at: 3)
    updateNames.bind(Int64(source.skippedCount), at: 4)
    try updateNames.run()
  }
}
