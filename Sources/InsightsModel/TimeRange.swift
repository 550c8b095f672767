/// A range of time in epoch milliseconds, half-open: `start ..< end`.
///
/// `nil` is unbounded.
public struct TimeRange: Hashable, Sendable {
  public var start: Int64?
  public var end: Int64?

  public init(start: Int64? = nil, end: Int64? = nil) {
    self.start = start
    self.end = end
  }

  /// Every event, also those without a time.
  public static let everything = TimeRange()
}
