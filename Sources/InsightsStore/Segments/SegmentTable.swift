/// The table `segments`.
final class SegmentTable {
  private let selectRows: Statement

  init(connection: Connection) throws(StoreError) {
    selectRows = try connection.prepare(
      """
      SELECT id, first_position, event_count, min_timestamp, max_timestamp, flags, text_bytes,
        directory
      FROM main.segments ORDER BY first_position
      """)
  }

  /// All segments in the order of their positions.
  func directories() throws(StoreError) -> [SegmentDirectory] {
    []
  }
}
