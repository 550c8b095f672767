internal import InsightsText

/// Counts events of one stream and millisecond with the same text, among those that come near each other.
struct EqualEvents {
  /// Events that are remembered, twice that number at most.
  private static let limit = 100_000

  private struct Key: Hashable {
    var stream: Int64
    var time: Int64
    var hash: UInt64
  }

  private var recent: [Key: UInt32] = [:]
  private var older: [Key: UInt32] = [:]

  /// The number of equal events before this one.
  mutating func next(
    stream: Int64, time: Int64, eventID: UnsafeBufferPointer<UInt8>?,
    _ message: UnsafeBufferPointer<UInt8>
  ) -> UInt32 {
    var hash = ContentHash()
    hash.update(message.withoutTrailingNewlines)
    if let eventID { hash.update(eventID) }
    let key = Key(stream: stream, time: time, hash: hash.value.low)
    let count = recent[key] ?? older[key] ?? 0
    if recent.count >= Self.limit {
      older = recent
      recent = [:]
    }
    recent[key] = count + 1
    return count
  }
}
