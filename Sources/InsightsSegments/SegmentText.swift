/// Messages, concatenated without separators.
///
/// A literal that is found in `bytes` may extend beyond the end of a message: check it against
/// `offsets`.
package struct SegmentText: Sendable {
  package var bytes: [UInt8] = []
  /// The start of each message in `bytes`, followed by the end of the last one.
  package var offsets: [UInt32] = [0]

  /// The byte range of a message.
  @inline(__always)
  package func range(of index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }
}
