/// The earlier time range that a range is compared with.
public enum EarlierPeriod: String, CaseIterable, Sendable {
  /// The range of the same length immediately before.
  case previous
  case day, week
  /// The range shifted back by the number of days of the calendar month before its start.
  case month

  /// Returns how far the range is shifted back, in milliseconds.
  public func distance(from start: Int64, to end: Int64) -> Int64 {
    switch self {
    case .previous: end &- start
    case .day: Self.dayLength
    case .week: 7 * Self.dayLength
    case .month: Int64(Self.lengthOfPreviousMonth(start)) * Self.dayLength
    }
  }

  private static let dayLength: Int64 = 86_400_000

  /// The number of days of the calendar month before that of a time.
  private static func lengthOfPreviousMonth(_ milliseconds: Int64) -> Int {
    let days = Int(milliseconds / dayLength) - (milliseconds % dayLength < 0 ? 1 : 0)
    let dayOfMonth = Timestamp.civil(fromDays: days).day
    return Timestamp.civil(fromDays: days - dayOfMonth).day
  }
}
