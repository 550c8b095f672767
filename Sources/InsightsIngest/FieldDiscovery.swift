internal import InsightsStore
internal import InsightsText

/// Counts how many events have each discovered field.
struct FieldDiscovery {
  /// Names that are told apart between two flushes; hostile input could have any number.
  private static let nameLimit = 100_000

  /// The names by their hash, so that a name seen before costs no `String`.
  private var entries: [UInt64: Entry] = [:]
  private var eventNumber = 0

  private struct Entry {
    var name: String
    var count: Int
    /// The event that was counted last; a key that an object repeats counts once.
    var lastEvent: Int
  }

  /// Counts the fields of one event.
  mutating func count(_ message: UnsafeBufferPointer<UInt8>, objectAt start: Int) {
    eventNumber += 1
    let event = eventNumber
    JSONScanner.forEachField(in: message, objectAt: start) { name, _ in
      guard !name.isEmpty else { return }
      var hash = ContentHash()
      hash.update(name)
      let key = hash.value.low
      if let index = entries.index(forKey: key) {
        guard entries.values[index].lastEvent != event else { return }
        entries.values[index].count += 1
        entries.values[index].lastEvent = event
      } else if entries.count < FieldDiscovery.nameLimit {
        entries[key] = Entry(
          name: String(decoding: name, as: UTF8.self), count: 1, lastEvent: event)
      }
    }
  }

  /// Adds the counts to the table and starts again from zero.
  mutating func flush(to table: FieldTable) throws(StoreError) {
    for entry in entries.values where entry.count > 0 {
      try table.add(name: entry.name, eventCount: entry.count)
    }
    entries.removeAll(keepingCapacity: true)
  }
}
