internal import InsightsStore
internal import InsightsText

/// The identity of an event, by which no event is stored twice, regardless of how often and from
/// which carrier it is ingested.
///
/// An event with a time, and a known group or stream, is compared with the events of its stream at
/// the same millisecond: by its id, or by its text. Equal events are counted, since an input may
/// contain several: the column `number` is the index among them, from 0.
///
/// All other events are identified by their position in the input. Their `number` is the index
/// within the input and the stream, from 1, and `chain` is a hash of all events up to and including
/// it. An input is recognised by the chain of a stored event, and continues after that event.
enum EventIdentity {
  /// Whether an event is identified by content rather than by position.
  static func isCompared(hasTime: Bool, hasKnownPlace: Bool, hasEventID: Bool) -> Bool {
    hasTime && (hasKnownPlace || hasEventID)
  }

  /// Returns the hash of a message without its trailing newlines.
  static func hash(of message: UnsafeBufferPointer<UInt8>) -> UInt64 {
    MD5.digest(of: message.withoutTrailingNewlines).prefix(8).reversed()
      .reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The same hash as a ClickHouse expression.
  static let hashExpression =
    "reinterpretAsUInt64(substring(MD5(trimRight(message, '\\r\\n')), 1, 8))"

  /// Returns the hash of an event id; never 0.
  static func hash(ofEventID id: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = ContentHash()
    hash.update(id)
    return max(1, hash.value.low)
  }

  /// Returns the chain of an event that follows one with the chain `previous`, 0 for the first;
  /// never 0.
  static func chain(
    after previous: UInt64, timestamp: Int64?, _ message: UnsafeBufferPointer<UInt8>
  ) -> UInt64 {
    var hash = ContentHash()
    var numbers = (previous, timestamp ?? ClickHouseSchema.missingTime)
    withUnsafeBytes(of: &numbers) { hash.update($0.bindMemory(to: UInt8.self)) }
    hash.update(message.withoutTrailingNewlines)
    return max(1, hash.value.low)
  }
}
