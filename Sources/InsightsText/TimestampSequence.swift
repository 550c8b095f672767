/// Parses consecutive times of the same form, such as those of a log's lines, most of which share
/// the minute with the previous one.
public struct TimestampSequence {
  /// The last `2026-02-11T09:15`.
  private var minuteText: (UInt64, UInt64) = (0, 0)
  /// The start of that minute in epoch milliseconds; `nil` if it is not a valid time.
  private var minute: Int64?

  public init() {}

  /// Parses a time of exactly the form `2026-02-11T09:15:00.123Z`; `nil` if there is none at
  /// `start`.
  public mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int64? {
    guard start >= 0, start <= bytes.count - 24 else { return nil }
    let raw = UnsafeRawBufferPointer(bytes)
    let text = (
      raw.loadUnaligned(fromByteOffset: start, as: UInt64.self),
      raw.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self)
    )
    guard let seconds = Timestamp.exactSeconds(raw, at: start + 16) else { return nil }
    if let minute, text == minuteText { return minute + seconds }
    guard let time = Timestamp.exactISO8601(bytes, at: start) else { return nil }
    minuteText = text
    minute = time - seconds
    return time
  }
}
