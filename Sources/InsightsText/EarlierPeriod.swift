/// The earlier range of time that one is compared with.
public enum EarlierPeriod: String, CaseIterable, Sendable {
  /// As long, just before.
  case previous
  case day, week
  /// As many days back as the calendar month before the start has.
  case month

  /// How much earlier it lies than a range, in milliseconds.
  public func distance(from start: Int64, to end: Int64) -> Int64 {
    switch self {
    case .previous: end &- start
    case .day: Self.dayLength
    case .week: 7 * Self.dayLength
    case .month: Int64(Self.lengthOfPreviousMonth(start)) * Self.dayLength
    }
  }

  private static let dayLength: Int64 = 86_400_000

  /// The days of the calendar month before that of a time.
  private static func lengthOfPreviousMonth(_ milliseconds: Int64) -> Int {
    let days = Int(milliseconds / dayLength) - (milliseconds % dayLength < 0 ? 1 : 0)
    let dayOfMonth = Timestamp.civil(fromDays: days).day
    return Timestamp.civil(fromDays: days - dayOfMonth).day
  }
}
