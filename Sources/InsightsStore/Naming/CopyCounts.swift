internal import InsightsText

/// How often each text is there at each time of a stream, source by source: as often as the fullest
/// source has it.
struct CopyCounts {
  private struct Key: Hashable {
    var high: UInt64
    var low: UInt64
    var time: Int64
  }

  /// Events with and without an event id.
  private struct Count {
    var identified = 0
    var plain = 0
  }

  private var stored: [Key: Count] = [:]
  /// Events of the present source that are copies, and those that are not.
  private var matched: [Key: Int] = [:]
  private var added: [Key: Count] = [:]

  /// Takes in an event that stays.
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, at time: Int64, hasEventID: Bool) {
    if hasEventID {
      added[Self.key(text, time), default: Count()].identified += 1
    } else {
      added[Self.key(text, time), default: Count()].plain += 1
    }
  }

  /// Takes in an event, and says whether it is a copy of one that an earlier source has.
  mutating func isCopy(
    _ text: UnsafeBufferPointer<UInt8>, at time: Int64, hasEventID: Bool
  ) -> Bool {
    let key = Self.key(text, time)
    if let count = stored[key] {
      // Events with ids are the same only if the ids are, and those were looked for at once.
      let available = hasEventID ? count.plain : count.plain + count.identified
      if matched[key, default: 0] < available {
        matched[key, default: 0] += 1
        return true
      }
    }
    add(text, at: time, hasEventID: hasEventID)
    return false
  }

  /// Ends the present source.
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
