/// Reads blocks of `segment_blocks` through one connection and decompresses them.
///
/// One thread at a time; a thread of its own needs a connection and `SegmentBlocks` of its own.
final class SegmentBlocks {
  private let connection: Connection
  private let selectBlock: Statement

  init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectBlock = try connection.prepare("SELECT data FROM main.segment_blocks WHERE id = ?1")
  }

  /// The decompressed bytes of a column's block; `nil` where the segment has no such block.
  ///
  /// `size` is their number where it is known.
  func bytes(
    _ column: SegmentColumn, of segment: Int64, size: Int? = nil
  ) throws(StoreError) -> [UInt8]? {
    nil
  }

  /// The error for a block that cannot be decoded.
  var damage: StoreError { .notAStore(path: connection.path) }
}
