internal import InsightsModel

/// The tables of segments and of what belongs to them, whole segments at a time.
public final class SegmentTable {
  private let connection: Connection
  private let selectRows: Statement
  private let insertRow: Statement
  private let insertBlock: Statement
  private let insertUUIDFilter: Statement
  private let deleteRow: Statement
  private let deleteBlocks: Statement
  private let deleteUUIDFilter: Statement
  private let selectLastPosition: Statement

  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectRows = try connection.prepare(
      """
      SELECT id, first_position, event_count, min_timestamp, max_timestamp, text_bytes, directory
      FROM main.segments
      WHERE (?1 IS NULL OR max_timestamp >= ?1) AND (?2 IS NULL OR min_timestamp < ?2)
      ORDER BY first_position
      """)
    insertRow = try connection.prepare(
      """
      INSERT INTO segments (id, first_position, event_count, min_timestamp, max_timestamp,
        text_bytes, directory)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    insertBlock = try connection.prepare("INSERT INTO segment_blocks (id, data) VALUES (?1, ?2)")
    insertUUIDFilter = try connection.prepare(
      "INSERT INTO segment_uuid_filters (id, data) VALUES (?1, ?2)")
    deleteRow = try connection.prepare("DELETE FROM segments WHERE id = ?1")
    deleteBlocks = try connection.prepare(
      "DELETE FROM segment_blocks WHERE id BETWEEN ?1 * 65536 AND ?1 * 65536 + 65535")
    deleteUUIDFilter = try connection.prepare("DELETE FROM segment_uuid_filters WHERE id = ?1")
    selectLastPosition = try connection.prepare(
      "SELECT max(first_position + event_count - 1) FROM segments")
  }

  /// The segments in the order of their positions, but for those without an event in the range.
  func directories(
    in range: TimeRange = .everything
  ) throws(StoreError) -> [SegmentDirectory] {
    defer { selectRows.reset() }
    selectRows.bind(range.start, at: 1)
    selectRows.bind(range.end, at: 2)
    var directories: [SegmentDirectory] = []
    while try selectRows.step() {
      let first = selectRows.optionalInteger(at: 3)
      let last = selectRows.optionalInteger(at: 4)
      var timestamps: ClosedRange<Int64>?
      if let first, let last {
        guard first <= last else { throw .notAStore(path: connection.path) }
        timestamps = first...last
      }
      guard
        let directory = SegmentDirectory(
          id: selectRows.integer(at: 0), firstPosition: selectRows.integer(at: 1),
          eventCount: selectRows.integer(at: 2), timestamps: timestamps,
          textByteCount: selectRows.integer(at: 5), encoded: Array(selectRows.blob(at: 6)))
      else { throw .notAStore(path: connection.path) }
      directories.append(directory)
    }
    return directories
  }

  /// How many segments there are, and how many events in them.
  func counts() throws(StoreError) -> (segments: Int, events: Int) {
    let statement = try connection.prepare(
      "SELECT count(*), ifnull(sum(event_count), 0) FROM main.segments")
    guard try statement.step() else { return (0, 0) }
    return (Int(statement.integer(at: 0)), Int(statement.integer(at: 1)))
  }

  /// The greatest position of an event; 0 without any.
  func lastPosition() throws(StoreError) -> Int64 {
    defer { selectLastPosition.reset() }
    return try selectLastPosition.step() ? selectLastPosition.integer(at: 0) : 0
  }

  /// Adds a segment under a directory that is complete, or with an `id` that is
  /// not `nil` replaces the one with that id; gives its id.
  func write(
    _ directory: SegmentDirectory, of encoded: EncodedSegment, replacing id: Int64? = nil
  ) throws(StoreError) -> Int64 {
    if let id {
      deleteRow.bind(id, at: 1)
      try deleteRow.run()
      deleteBlocks.bind(id, at: 1)
      try deleteBlocks.run()
      deleteUUIDFilter.bind(id, at: 1)
      try deleteUUIDFilter.run()
    }
    insertRow.bind(id, at: 1)
    insertRow.bind(directory.firstPosition, at: 2)
    insertRow.bind(Int64(directory.eventCount), at: 3)
    insertRow.bind(directory.timestamps?.lowerBound, at: 4)
    insertRow.bind(directory.timestamps?.upperBound, at: 5)
    insertRow.bind(Int64(directory.textByteCount), at: 6)
    try run(insertRow, binding: directory.encoded, at: 7)
    let segment = connection.lastInsertedID
    for block in encoded.blocks {
      insertBlock.bind(block.column.blockID(ofSegment: segment), at: 1)
      try run(insertBlock, binding: block.bytes, at: 2)
    }
    if let filter = encoded.uuidFilter {
      insertUUIDFilter.bind(segment, at: 1)
      try run(insertUUIDFilter, binding: filter.bytes, at: 2)
    }
    return segment
  }

  private func run(
    _ statement: Statement, binding blob: [UInt8], at index: Int
  ) throws(StoreError) {
    let outcome = blob.withUnsafeBufferPointer { blob in
      Result { () throws(StoreError) in
        statement.bind(unownedBlob: blob, at: index)
        try statement.run()
      }
    }
    try outcome.get()
  }
}
