/// Reads times of one form that follow each other, as those of a log's lines do: most share the minute
/// with the one before.
public struct TimestampSequence {
  /// `2026-02-11T09:15` as it stood last.
  private var minuteText: (UInt64, UInt64) = (0, 0)
  /// When that minute began.
  private var minute: Int64?

  public init() {}

  /// Reads a time of just the form `2026-02-11T09:15:00.123Z`; `nil` where none stands at `start`.
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
