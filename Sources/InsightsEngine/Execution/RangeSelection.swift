public import InsightsModel
public import InsightsText

/// A range of time as people give it: parts of it may count from now, and what is missing may come
/// from a link.
public struct RangeSelection: Hashable, Sendable {
  /// What relative times count from.
  public enum Now: Hashable, Sendable {
    case wallClock
    /// The time of the newest event; the wall clock where no event has a time.
    case newestEvent
    case time(TimeExpression)
  }

  public var start: TimeExpression?
  /// Inclusive; an end in whole seconds includes its second.
  public var end: TimeExpression?
  /// The last so many milliseconds, instead of `start`.
  public var length: Int64?
  public var now: Now

  public init(
    start: TimeExpression? = nil, end: TimeExpression? = nil, length: Int64? = nil,
    now: Now = .wallClock
  ) {
    self.start = start
    self.end = end
    self.length = length
    self.now = now
  }

  /// The time that relative ones count from, epoch milliseconds; `newest` gives that of the newest event.
  public func clock(newest: () throws -> Int64?) rethrows -> Int64 {
    let wall = Timestamp.now
    switch now {
    case .wallClock: return wall
    case .newestEvent: return try newest() ?? wall
    case .time(let expression): return expression.milliseconds(now: wall)
    }
  }

  /// The range, where `clock` is now; what is not given is taken from `link`.
  ///
  /// - Throws: `RequestError.emptyRange`.
  public func timeRange(
    at clock: Int64, link: ConsoleLink? = nil
  ) throws(RequestError) -> TimeRange {
    var range = TimeRange.everything
    range.start = (start ?? link?.start)?.milliseconds(now: clock)
    // The last while is one up to now.
    let end = end ?? (length == nil ? link?.end : nil)
    if let length { range.start = clock - length }
    if let end { range.end = end.milliseconds(now: clock) + (end.isWholeSecond ? 1000 : 1) }
    if let start = range.start, let end = range.end, start >= end { throw .emptyRange }
    return range
  }
}

/// Why there is nothing that an engine could be asked for.
public enum RequestError: Error, Hashable, Sendable {
  /// The range of time ends before it starts.
  case emptyRange
  /// A value is given for a parameter that no query has; `known` are those that they have.
  case unknownParameter(name: String, known: [String])
}
