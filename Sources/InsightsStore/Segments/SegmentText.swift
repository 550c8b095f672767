/// The messages of one group of a segment, laid end to end with nothing between them.
///
/// A literal found in `bytes` may reach over the end of a message: compare with `offsets`.
struct SegmentText: Sendable {
  var bytes: [UInt8] = []
  /// The event of each message, ascending.
  var events: [UInt16] = []
  /// Where each message starts in `bytes`, and at last where they end: one more than `events`.
  var offsets: [UInt32] = [0]

  /// The number of the message of an event; `nil` where it is not among them.
  func number(of event: UInt16) -> Int? {
    var low = 0
    var high = events.count
    while low < high {
      let middle = (low + high) / 2
      if events[middle] < event { low = middle + 1 } else { high = middle }
    }
    return low < events.count && events[low] == event ? low : nil
  }
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
    let groupCount = TextGroup.allCases.count
    var counts = [Int](repeating: 0, count: groupCount)
    for group in groups {
      guard group < groupCount else { return nil }
      counts[Int(group)] += 1
    }
    // One group after the other in two flat arrays, which are quicker to fill than many.
    var starts = [0]
    for count in counts { starts.append((starts.last ?? 0) + count) }
    var nexts = starts
    var ends = [Int64](repeating: 0, count: groupCount)
    var numbers = [UInt16](repeating: 0, count: eventCount)
    var events = [UInt16](repeating: 0, count: eventCount)
    var offsets = [UInt32](repeating: 0, count: eventCount)
    for event in 0..<eventCount {
      let group = Int(groups[event])
      guard lengths[event] >= 0, lengths[event] <= Int64(Int32.max) else { return nil }
      ends[group] += lengths[event]
      guard ends[group] <= Int64(Int32.max) else { return nil }
      let place = nexts[group]
      nexts[group] += 1
      numbers[event] = UInt16(truncatingIfNeeded: place - starts[group])
      events[place] = UInt16(truncatingIfNeeded: event)
      offsets[place] = UInt32(truncatingIfNeeded: ends[group])
    }
    self.groups = groups
    self.numbers = numbers
    texts = counts.indices.map { group in
      let places = starts[group]..<starts[group + 1]
      return SegmentText(events: Array(events[places]), offsets: [0] + offsets[places])
    }
  }
}
