package import InsightsSegments
public import InsightsSQLite
public import InsightsModel

/// The tables of segments and their parts; operations apply to whole segments.
public final class SegmentTable {
  private let connection: Connection
  private let selectRows: Statement
  private let insertRow: Statement
  private let insertBlock: Statement
  private let insertUUIDFilter: Statement
  private let deleteRow: Statement
  private let deleteBlocks: Statement
  private let deleteUUIDFilter: Statement
  private let deleteIndexFilters: Statement
  private let selectLastSourcePosition: Statement
  private let updateDirectory: Statement
  private let updateBlock: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectRows = try connection.prepare(
      """
      SELECT id, first_position, event_count, min_timestamp, max_timestamp, text_bytes,
        CASE WHEN (?1 IS NULL OR max_timestamp >= ?1) AND (?2 IS NULL OR min_timestamp < ?2)
          THEN directory END
      FROM main.segments
      ORDER BY first_position
      """)
    insertRow = try connection.prepare(
      """
      INSERT INTO segments (id, first_position, event_count, min_timestamp, max_timestamp,
        text_bytes, init_failures, suppressed_inits, directory)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """)
    insertBlock = try connection.prepare("INSERT INTO segment_blocks (id, data) VALUES (?1, ?2)")
    insertUUIDFilter = try connection.prepare(
      "INSERT INTO segment_uuid_filters (id, data) VALUES (?1, ?2)")
    deleteRow = try connection.prepare("DELETE FROM segments WHERE id = ?1")
    deleteBlocks = try connection.prepare(
      "DELETE FROM segment_blocks WHERE id BETWEEN ?1 * 65536 AND ?1 * 65536 + 65535")
    deleteUUIDFilter = try connection.prepare("DELETE FROM segment_uuid_filters WHERE id = ?1")
    deleteIndexFilters = try connection.prepare(
      """
      DELETE FROM field_index_filters
      WHERE field_index_id IN (SELECT id FROM field_indexes) AND segment_id = ?1
      """)
    selectLastSourcePosition = try connection.prepare(
      "SELECT ifnull(max(end_position - 1), 0) FROM sources")
    updateDirectory = try connection.prepare("UPDATE segments SET directory = ?2 WHERE id = ?1")
    updateBlock = try connection.prepare("UPDATE segment_blocks SET data = ?2 WHERE id = ?1")
  }

  /// A row of the table of segments.
  package struct Row {
    var id: Int64
    var eventCount: Int
    /// The size of its messages in bytes.
    var textByteCount: Int
    /// Epoch milliseconds; `nil` if no event has a time.
    var timestamps: ClosedRange<Int64>?
    /// `nil` if it was not requested.
    package var directory: SegmentDirectory?
  }

  /// Returns the segments in the order of positions, with the directories of those that may have an
  /// event in the range.
  package func rows(in range: TimeRange) throws(StoreError) -> [Row] {
    defer { selectRows.reset() }
    selectRows.bind(range.start, at: 1)
    selectRows.bind(range.end, at: 2)
    var rows: [Row] = []
    while try selectRows.step() { rows.append(try Self.row(of: selectRows, connection)) }
    return rows
  }

  /// Returns the current row of a statement with the columns of `selectRows`.
  private static func row(
    of statement: Statement, _ connection: Connection
  ) throws(StoreError) -> Row {
    var row = Row(
      id: statement.integer(at: 0), eventCount: Int(statement.integer(at: 2)),
      textByteCount: Int(statement.integer(at: 5)))
    let damage = StoreError.damaged(
      path: connection.path, reason: "segment \(row.id) cannot be read")
    if let first = statement.optionalInteger(at: 3), let last = statement.optionalInteger(at: 4) {
      guard first <= last else { throw damage }
      row.timestamps = first...last
    }
    if !statement.isNull(at: 6) {
      row.directory = SegmentDirectory(
        id: row.id, firstPosition: statement.integer(at: 1),
        eventCount: statement.integer(at: 2), timestamps: row.timestamps,
        textByteCount: statement.integer(at: 5), encoded: Array(statement.blob(at: 6)))
      guard row.directory != nil else { throw damage }
    }
    return row
  }

  /// Returns the directories of all segments in the order of positions.
  package func directories() throws(StoreError) -> [SegmentDirectory] {
    try rows(in: .everything).compactMap(\.directory)
  }

  /// Returns the greatest position that an event of a source has or had; 0 if there is none.
  package func lastSourcePosition() throws(StoreError) -> Int64 {
    defer { selectLastSourcePosition.reset() }
    return try selectLastSourcePosition.step() ? selectLastSourcePosition.integer(at: 0) : 0
  }

  /// Returns the greatest position of an event; 0 if there is none.
  package static func lastPosition(_ connection: Connection) throws(StoreError) -> Int64 {
    let statement = try connection.prepare(
      """
      SELECT id, first_position, event_count, min_timestamp, max_timestamp, text_bytes, directory
      FROM main.segments
      ORDER BY first_position DESC LIMIT 1
      """)
    guard try statement.step() else { return 0 }
    return try row(of: statement, connection).directory?.positionRange.upperBound ?? 0
  }

  /// Inserts a segment with its complete directory, and returns its id; replaces the segment `id`
  /// if that is not `nil`.
  package func write(
    _ directory: SegmentDirectory, of encoded: EncodedSegment, replacing id: Int64? = nil
  ) throws(StoreError) -> Int64 {
    if let id { try delete(id) }
    insertRow.bind(id, at: 1)
    insertRow.bind(directory.firstPosition, at: 2)
    insertRow.bind(Int64(directory.eventCount), at: 3)
    insertRow.bind(directory.timestamps?.lowerBound, at: 4)
    insertRow.bind(directory.timestamps?.upperBound, at: 5)
    insertRow.bind(Int64(directory.textByteCount), at: 6)
    insertRow.bind(Int64(encoded.initReports.failureCount), at: 7)
    insertRow.bind(Int64(encoded.initReports.suppressedCount), at: 8)
    try insertRow.run(binding: directory.encoded, at: 9)
    let segment = connection.lastInsertedID
    for block in encoded.blocks {
      insertBlock.bind(block.column.blockID(ofSegment: segment), at: 1)
      try insertBlock.run(binding: block.bytes, at: 2)
    }
    if let filter = encoded.uuidFilter {
      insertUUIDFilter.bind(segment, at: 1)
      try insertUUIDFilter.run(binding: filter.bytes, at: 2)
    }
    return segment
  }

  /// Deletes a segment with all its parts.
  package func delete(_ id: Int64) throws(StoreError) {
    try run(deleteRow, on: id)
    try run(deleteBlocks, on: id)
    try run(deleteUUIDFilter, on: id)
    try run(deleteIndexFilters, on: id)
  }

  private func run(_ statement: Statement, on id: Int64) throws(StoreError) {
    statement.bind(id, at: 1)
    try statement.run()
  }

  /// Updates the streams of a segment: the block, and the directory.
  package func update(
    _ directory: SegmentDirectory, streams block: EncodedSegment.Block
  ) throws(StoreError) {
    updateDirectory.bind(directory.id, at: 1)
    try updateDirectory.run(binding: directory.encoded, at: 2)
    updateBlock.bind(block.column.blockID(ofSegment: directory.id), at: 1)
    try updateBlock.run(binding: block.bytes, at: 2)
    try deleteIndexFilters(ofSegment: directory.id)
  }

  /// Deletes the index filters of a segment; the next update builds them again.
  package func deleteIndexFilters(ofSegment id: Int64) throws(StoreError) {
    try run(deleteIndexFilters, on: id)
  }
}
