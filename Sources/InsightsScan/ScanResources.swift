internal import InsightsSegments
internal import InsightsModel
internal import InsightsSQLite

/// What a thread of a scan reads segments with: a connection, and what was prepared on it.
///
/// It belongs to one scan at a time.
final class ScanResources {
  let connection: Connection
  let blocks: SegmentBlocks
  let streamNames: StreamNames
  /// The ids of the discovered fields, by the bytes of their names.
  let fieldIDs: [[UInt8]: Int64]
  /// The version of the data that it was prepared for, among those that the connection sees.
  let version: Int64
  /// What had been read with it before this scan.
  private var earlierByteCount = 0

  /// Prepares a connection, which is in the transaction of a scan.
  init(_ connection: Connection) throws(StoreError) {
    self.connection = connection
    version = try connection.dataVersion()
    blocks = try SegmentBlocks(connection: connection)
    streamNames = try StreamNames(connection: connection)
    fieldIDs = try connection.fieldIDs()
  }

  /// Whether the store has not changed since it was prepared.
  var isCurrent: Bool {
    get throws(StoreError) { try connection.dataVersion() == version }
  }

  /// Begins a scan, which uses these templates.
  func begin(_ templates: KeptTemplates?) {
    blocks.templates = templates
    earlierByteCount = blocks.byteCount
  }

  /// The decompressed size in bytes of the blocks that the scan has read.
  var bytesRead: Int { blocks.byteCount - earlierByteCount }
}
