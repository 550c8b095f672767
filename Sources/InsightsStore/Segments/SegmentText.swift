/// Messages laid end to end with nothing between them.
///
/// A literal found in `bytes` may reach over the end of a message: compare with `offsets`.
struct SegmentText: Sendable {
  var bytes: [UInt8] = []
  /// Where each message starts in `bytes`, and at last where they end.
  var offsets: [UInt32] = [0]

  /// The byte range of a message.
  @inline(__always)
  func range(of index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }
}
