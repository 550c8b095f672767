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
    let group = Int(groups[event])
    let number = Int(numbers[event])
    return Int(texts[group].offsets[number])..<Int(texts[group].offsets[number + 1])
  }

  /// Fails where groups and lengths are not those of `eventCount` messages.
  init?(groups: [UInt8], lengths: [Int64], eventCount: Int) {
    guard groups.count == eventCount, lengths.count == eventCount else { return nil }
    self.groups = groups
    numbers = []
    numbers.reserveCapacity(eventCount)
    texts = TextGroup.allCases.map { _ in SegmentText() }
    var ends = [Int64](repeating: 0, count: texts.count)
    for event in 0..<eventCount {
      let group = Int(groups[event])
      guard group < texts.count, lengths[event] >= 0, lengths[event] <= Int64(Int32.max) else {
        return nil
      }
      ends[group] += lengths[event]
      guard ends[group] <= Int64(Int32.max) else { return nil }
      numbers.append(UInt16(truncatingIfNeeded: texts[group].events.count))
      texts[group].events.append(UInt16(truncatingIfNeeded: event))
      texts[group].offsets.append(UInt32(truncatingIfNeeded: ends[group]))
    }
  }
}
