public import InsightsModel
public import InsightsText

/// A time range as entered by users: times may be relative to now, and missing ones may come from a
/// link.
public struct RangeSelection: Hashable, Sendable {
  /// The reference of relative times.
  public enum Now: Hashable, Sendable {
    case wallClock
    /// The time of the newest event; the wall clock if no event has a time.
    case newestEvent
    case time(TimeExpression)
  }

  /// The start, inclusive; `nil` for no limit.
  var start: TimeExpression?
  /// The end, inclusive; an end in whole seconds includes that second.
  var end: TimeExpression?
  /// The length in milliseconds of a range up to now, instead of `start`.
  var length: Int64?
  /// The reference of relative times.
  var now: Now

  /// Makes a range.
  public init(
    start: TimeExpression? = nil, end: TimeExpression? = nil, length: Int64? = nil,
    now: Now = .wallClock
  ) {
    self.start = start
    self.end = end
    self.length = length
    self.now = now
  }

  /// Returns the reference of relative times, in epoch milliseconds; `newest` returns the time of
  /// the newest event.
  public func clock(newest: () throws -> Int64?) rethrows -> Int64 {
    let wall = Timestamp.now
    switch now {
    case .wallClock: return wall
    case .newestEvent: return try newest() ?? wall
    case .time(let expression): return expression.milliseconds(now: wall)
    }
  }

  /// Returns the range at the time `clock`; missing parts are taken from `link`.
  ///
  /// - Throws: `RequestError.emptyRange`.
  public func timeRange(
    at clock: Int64, link: ConsoleLink? = nil
  ) throws(RequestError) -> TimeRange {
    var range = TimeRange.everything
    range.start = (start ?? link?.start)?.milliseconds(now: clock)
    // A range given by its length ends now.
    let end = end ?? (length == nil ? link?.end : nil)
    if let length { range.start = clock - length }
    if let end { range.end = end.milliseconds(now: clock) + (end.isWholeSecond ? 1000 : 1) }
    if let start = range.start, let end = range.end, start >= end { throw .emptyRange }
    return range
  }
}

/// Why a request cannot be built.
public enum RequestError: Error, Hashable, Sendable {
  /// The time range ends before it starts.
  case emptyRange
  /// A value was given for a parameter that no query has; `known` lists the existing ones.
  case unknownParameter(name: String, known: [String])
}
