internal import InsightsText

/// Counts each text at each time of a stream, source by source, as the maximum over the sources.
struct CopyCounts {
  private struct Key: Hashable {
    var high: UInt64
    var low: UInt64
    var time: Int64
  }

  /// The number of events with and without an event id.
  private struct Count {
    var identified = 0
    var plain = 0
  }

  private var stored: [Key: Count] = [:]
  /// The events of the current source that are duplicates, and those that are not.
  private var matched: [Key: Int] = [:]
  private var added: [Key: Count] = [:]

  /// Adds an event that is kept.
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, at time: Int64, hasEventID: Bool) {
    if hasEventID {
      added[Self.key(text, time), default: Count()].identified += 1
    } else {
      added[Self.key(text, time), default: Count()].plain += 1
    }
  }

  /// Adds an event; returns whether it duplicates one of an earlier source.
  mutating func isCopy(
    _ text: UnsafeBufferPointer<UInt8>, at time: Int64, hasEventID: Bool
  ) -> Bool {
    let key = Self.key(text, time)
    if let count = stored[key] {
      // Events with ids are equal only if the ids are; those have already been matched.
      let available = hasEventID ? count.plain : count.plain + count.identified
      if matched[key, default: 0] < available {
        matched[key, default: 0] += 1
        return true
      }
    }
    add(text, at: time, hasEventID: hasEventID)
    return false
  }

  /// Ends the current source.
  mutating func endSource() {
    for (key, count) in added {
      stored[key, default: Count()].identified += count.identified
      stored[key, default: Count()].plain += count.plain
    }
    added.removeAll(keepingCapacity: true)
    matched.removeAll(keepingCapacity: true)
  }

  private static func key(_ text: UnsafeBufferPointer<UInt8>, _ time: Int64) -> Key {
    var hash = ContentHash()
    hash.update(text)
    let (high, low) = hash.value
    return Key(high: high, low: low, time: time)
  }
}
