/// The messages of one group of a segment, laid end to end with nothing between them.
///
/// A literal found in `bytes` may reach over the end of a message: compare with `offsets`.
struct SegmentText: Sendable {
  var bytes: [UInt8] = []
  /// The event of each message, ascending.
  var events: [UInt16] = []
  /// Where each message starts in `bytes`, and at last where they end: one more than `events`.
  var offsets: [UInt32] = [0]
}

/// Where the messages of a segment are.
struct MessagePlaces: Sendable {
  /// `TextGroup` of each event.
  var groups: [UInt8]
  /// The number of each event's message among those of its group.
  var numbers: [UInt16]
  /// The events and offsets of each group, without the bytes.
  var texts: [SegmentText]

  /// The byte range of an event's message in the bytes of its group.
  func range(of event: Int) -> Range<Int> {
    let text = texts[Int(groups[event])]
    let number = Int(numbers[event])
    return Int(text.offsets[number])..<Int(text.offsets[number + 1])
  }
}
