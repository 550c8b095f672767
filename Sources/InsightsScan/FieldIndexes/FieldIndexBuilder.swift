internal import InsightsSegments
internal import InsightsModel
internal import InsightsSQLite

/// Builds the filters of field indexes, from the columns that queries read.
final class FieldIndexBuilder {
  private let connection: Connection
  private let fieldIDs: [[UInt8]: Int64]
  private let blocks: SegmentBlocks
  private let streamNames: StreamNames
  private let insert: Statement

  init(connection: Connection) throws(StoreError) {
    self.connection = connection
    fieldIDs = try connection.fieldIDs()
    blocks = try SegmentBlocks(connection: connection)
    streamNames = try StreamNames(connection: connection)
    insert = try connection.prepare(
      """
      INSERT OR REPLACE INTO field_index_filters (field_index_id, segment_id, data)
      VALUES (?1, ?2, ?3)
      """)
  }

  /// Writes the filters of one segment.
  func addFilters(
    of indexes: [FieldIndexTable.Index], for directory: SegmentDirectory
  ) throws(StoreError) {
    let segment = ScanSegment(
      reader: SegmentReader(directory: directory, blocks: blocks), streamNames: streamNames)
    for index in indexes {
      let source = FieldSource(field: index.field, fieldIDs: fieldIDs)
      let values = try segment.vector(source, for: Selection(all: directory.eventCount))
      insert.bind(index.id, at: 1)
      insert.bind(directory.id, at: 2)
      let filter = FieldIndexFilter.encoded(Self.keys(of: values))
      try insert.run(binding: filter, at: 3)
    }
  }

  private static func keys(of values: CellVector) -> Set<FieldIndexFilter.Key> {
    switch values {
    case .constant(let cell): Set([cell].compactMap(FieldIndexFilter.Key.init))
    case .dictionary(_, let cells), .cells(let cells):
      Set(cells.compactMap(FieldIndexFilter.Key.init))
    }
  }
}
