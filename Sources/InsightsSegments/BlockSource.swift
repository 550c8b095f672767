package import InsightsModel

/// Reads the blocks of segments, wherever they are stored, and decompresses them.
///
/// Not thread-safe; each thread needs a source of its own.
package protocol BlockSource: AnyObject {
  /// What is kept of templates between queries, if anything.
  var templates: KeptTemplates? { get }

  /// Returns the decompressed bytes of a column's block; `nil` if the segment has no such block.
  func bytes(_ column: SegmentColumn, of segment: Int64) throws(StoreError) -> [UInt8]?

  /// Returns the filter of the UUIDs in a segment's messages; `nil` if there is none.
  func uuidFilter(of segment: Int64) throws(StoreError) -> UUIDFilter?

  /// The error for a block that cannot be decoded.
  var damage: StoreError { get }
}
