/// A time range in epoch milliseconds, half-open: `start ..< end`.
///
/// `nil` is unbounded.
public struct TimeRange: Hashable, Sendable {
  /// Epoch milliseconds, inclusive; `nil` for no bound.
  public var start: Int64?
  /// Epoch milliseconds, exclusive; `nil` for no bound.
  public var end: Int64?

  /// Makes a range.
  public init(start: Int64? = nil, end: Int64? = nil) {
    self.start = start
    self.end = end
  }

  /// Returns the times that are in both ranges.
  public func intersection(with other: TimeRange) -> TimeRange {
    TimeRange(
      start: [start, other.start].compactMap { $0 }.max(),
      end: [end, other.end].compactMap { $0 }.min())
  }

  /// Every event, including those without a time.
  public static let everything = TimeRange()
}
