/// The range that a time range is compared with: an earlier period, or explicit times.
public enum ComparedRange: Hashable, Sendable {
  case earlier(EarlierPeriod)
  /// A range with both times inclusive; an end in whole seconds includes that second.
  case between(TimeExpression, TimeExpression)

  /// Parses the name of a period, or two times separated by a slash.
  ///
  /// An example is `2026-03-17T01:00:00Z/2026-03-17T02:00:00Z`. `nil` for anything else.
  public init?(_ text: String) {
    if let period = EarlierPeriod(rawValue: text) {
      self = .earlier(period)
      return
    }
    let times = text.split(separator: "/", omittingEmptySubsequences: false).map {
      TimeExpression(String($0))
    }
    guard times.count == 2, let start = times[0], let end = times[1] else { return nil }
    self = .between(start, end)
  }

  /// Returns the compared range for another range, both in epoch milliseconds with exclusive ends.
  public func bounds(
    beside start: Int64, to end: Int64, now: Int64
  ) -> (start: Int64, end: Int64) {
    switch self {
    case .earlier(let period):
      let distance = period.distance(from: start, to: end)
      return (start &- distance, end &- distance)
    case .between(let first, let last):
      return (
        first.milliseconds(now: now),
        last.milliseconds(now: now) + (last.isWholeSecond ? 1000 : 1)
      )
    }
  }
}
