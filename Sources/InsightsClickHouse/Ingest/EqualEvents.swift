internal import InsightsText

/// Counts events with the same stream, millisecond and text, within a bounded distance of each
/// other.
struct EqualEvents {
  /// The number of distinct events per generation; two generations are kept.
  private static let limit = 100_000

  private struct Key: Hashable {
    var stream: Int64
    var time: Int64
    var hash: UInt64
  }

  private var recent: [Key: UInt32] = [:]
  private var older: [Key: UInt32] = [:]

  /// Returns the number of equal events before this one.
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
