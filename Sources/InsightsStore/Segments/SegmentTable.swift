/// The tables `segments` and `segment_blocks`, whole segments at a time.
public final class SegmentTable {
  private let connection: Connection
  private let selectRows: Statement
  private let insertRow: Statement
  private let insertBlock: Statement
  private let deleteRow: Statement
  private let deleteBlocks: Statement
  private let deleteIndexFilters: Statement
  private let selectLastPosition: Statement

  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectRows = try connection.prepare(
      """
      SELECT id, first_position, event_count, min_timestamp, max_timestamp, text_bytes, directory
      FROM main.segments ORDER BY first_position
      """)
    insertRow = try connection.prepare(
      """
      INSERT INTO segments (id, first_position, event_count, min_timestamp, max_timestamp,
        text_bytes, directory)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    insertBlock = try connection.prepare("INSERT INTO segment_blocks (id, data) VALUES (?1, ?2)")
    deleteRow = try connection.prepare("DELETE FROM segments WHERE id = ?1")
    deleteBlocks = try connection.prepare(
      "DELETE FROM segment_blocks WHERE id BETWEEN ?1 * 65536 AND ?1 * 65536 + 65535")
    deleteIndexFilters = try connection.prepare(
      """
      DELETE FROM field_index_filters
      WHERE field_index_id IN (SELECT id FROM field_indexes) AND segment_id = ?1
      """)
    selectLastPosition = try connection.prepare(
      "SELECT max(first_position + event_count - 1) FROM segments")
  }

  /// All segments in the order of their positions.
  func directories() throws(StoreError) -> [SegmentDirectory] {
    defer { selectRows.reset() }
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

  /// The greatest position of an event; 0 without any.
  func lastPosition() throws(StoreError) -> Int64 {
    defer { selectLastPosition.reset() }
    return try selectLastPosition.step() ? selectLastPosition.integer(at: 0) : 0
  }

  /// Adds a segment, or with an `id` that is not `nil` replaces the one with that id; gives its id.
  func write(
    _ directory: SegmentDirectory, _ blocks: [EncodedSegment.Block], replacing id: Int64? = nil
  ) throws(StoreError) -> Int64 {
    if let id {
      for delete in [deleteRow, deleteBlocks, deleteIndexFilters] {
        delete.bind(id, at: 1)
        try delete.run()
      }
    }
    insertRow.bind(id, at: 1)
    insertRow.bind(directory.firstPosition, at: 2)
    insertRow.bind(Int64(directory.eventCount), at: 3)
    insertRow.bind(directory.timestamps?.lowerBound, at: 4)
    insertRow.bind(directory.timestamps?.upperBound, at: 5)
    insertRow.bind(Int64(directory.textByteCount), at: 6)
    try insertRow.run(binding: directory.encoded, at: 7)
    let segment = connection.lastInsertedID
    for block in blocks {
      insertBlock.bind(block.column.blockID(ofSegment: segment), at: 1)
      try insertBlock.run(binding: block.bytes, at: 2)
    }
    return segment
  }
}
