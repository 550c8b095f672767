internal import InsightsSegments
package import InsightsModel
package import InsightsSQLite

/// Reads blocks of `segment_blocks` through one connection and decompresses them.
///
/// Not thread-safe; each thread needs a connection and `SegmentBlocks` of its own.
package final class SegmentBlocks: BlockSource {
  private let connection: Connection
  private let selectBlock: Statement
  private let selectUUIDFilter: Statement
  private let decompressor = BlockDecompressor()
  /// The templates that are kept between queries; `nil` if none are.
  var templates: KeptTemplates?
  /// The total size of the blocks read so far, decompressed.
  private(set) var byteCount = 0

  package init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectBlock = try connection.prepare("SELECT data FROM main.segment_blocks WHERE id = ?1")
    selectUUIDFilter = try connection.prepare(
      "SELECT data FROM main.segment_uuid_filters WHERE id = ?1")
  }

  /// Returns the decompressed bytes of a column's block; `nil` if the segment has no such block.
  func bytes(_ column: SegmentColumn, of segment: Int64) throws(StoreError) -> [UInt8]? {
    defer { selectBlock.reset() }
    selectBlock.bind(column.blockID(ofSegment: segment), at: 1)
    guard try selectBlock.step() else { return nil }
    guard let bytes = decompressor.decompress(selectBlock.blob(at: 0)) else { throw damage }
    byteCount += bytes.count
    return bytes
  }

  /// Returns the filter of the UUIDs in a segment's messages; `nil` if there is none.
  func uuidFilter(of segment: Int64) throws(StoreError) -> UUIDFilter? {
    defer { selectUUIDFilter.reset() }
    selectUUIDFilter.bind(segment, at: 1)
    guard try selectUUIDFilter.step() else { return nil }
    guard let filter = UUIDFilter(bytes: Array(selectUUIDFilter.blob(at: 0))) else { throw damage }
    byteCount += filter.bytes.count
    return filter
  }

  /// The error for a block that cannot be decoded.
  var damage: StoreError {
    .damaged(path: connection.path, reason: "a block of a segment cannot be read")
  }
}
