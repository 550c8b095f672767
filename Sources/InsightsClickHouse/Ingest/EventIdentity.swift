internal import InsightsStore
internal import InsightsText

/// By what an event is known, so that none is stored twice however often and in whatever carrier it comes.
///
/// An event with a time of which group or stream are known is compared with those of its stream at its millisecond:
/// by its id, or by its text. Equal ones are counted, as each input may hold several: the column `number` says which of them
/// it is, from 0.
///
/// All others have nothing but their place in the input. Their `number` is the place among those of
/// the input and the stream, from 1, and `chain` a hash of all of them up to it. So an input is known again by the
/// chain of an event that it has stored, and goes on behind that.
enum EventIdentity {
  /// Whether an event is compared.
  static func isCompared(hasTime: Bool, hasKnownPlace: Bool, hasEventID: Bool) -> Bool {
    hasTime && (hasKnownPlace || hasEventID)
  }

  /// The hash of a message's text, trailing newlines aside.
  static func hash(of message: UnsafeBufferPointer<UInt8>) -> UInt64 {
    MD5.digest(of: message.withoutTrailingNewlines).prefix(8).reversed()
      .reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The same as an expression of ClickHouse.
  static let hashExpression =
    "reinterpretAsUInt64(substring(MD5(trimRight(message, '\\r\\n')), 1, 8))"

  /// The hash of an event id; never 0.
  static func hash(ofEventID id: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = ContentHash()
    hash.update(id)
    return max(1, hash.value.low)
  }

  /// The chain of the next event behind those with the chain `previous`, 0 for none; never 0.
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
