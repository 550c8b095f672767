/// The most invocations that ran at the same time, counted exactly.
///
/// An invocation runs from its start up to, and without, its end: one that starts in the millisecond
/// in which another ends does not overlap it.
struct ConcurrencyPeak: Hashable, Sendable {
  var count: Int
  /// When that many ran for the first time, epoch milliseconds.
  var timestamp: Int64
}

/// When invocations began and ended, eight bytes for each.
///
/// Which start belongs to which end does not matter for how many run at a moment.
struct RunningInvocations {
  private var starts = Moments()
  private var ends = Moments()

  mutating func add(_ interval: Range<Int64>) {
    starts.add(interval.lowerBound)
    ends.add(interval.upperBound)
  }

  mutating func add(_ samples: InvocationSamples) {
    for sample in samples {
      if let interval = sample.interval { add(interval) }
    }
  }

  /// Adds those of `other`, which has none then.
  mutating func take(_ other: inout RunningInvocations) {
    starts.take(&other.starts)
    ends.take(&other.ends)
  }

  /// The peak within each of `periods`, which are in order and do not overlap.
  ///
  /// Invocations that are under way when a period begins count in it.
  mutating func peaks(in periods: [Range<Int64>]) -> [ConcurrencyPeak] {
    starts.sort()
    ends.sort()
    var start = starts.cursor
    var end = ends.cursor
    var running = 0
    return periods.map { period in
      while let moment = end.next, moment <= period.lowerBound {
        running -= 1
        end.advance()
      }
      while let moment = start.next, moment <= period.lowerBound {
        running += 1
        start.advance()
      }
      var peak = ConcurrencyPeak(count: running, timestamp: period.lowerBound)
      while let moment = start.next, moment < period.upperBound {
        // Ends come before starts of the same moment.
        while let over = end.next, over <= moment {
          running -= 1
          end.advance()
        }
        running += 1
        start.advance()
        if running > peak.count { peak = ConcurrencyPeak(count: running, timestamp: moment) }
      }
      return peak
    }
  }
}
