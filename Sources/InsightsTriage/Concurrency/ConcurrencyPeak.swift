/// The maximum number of concurrent invocations, counted exactly.
///
/// An invocation runs from its start to its end, exclusive: one that starts in the millisecond in
/// which another ends does not overlap it.
package struct ConcurrencyPeak: Hashable, Sendable {
  /// The number of invocations.
  package var count: Int
  /// When the maximum was first reached, in epoch milliseconds.
  var timestamp: Int64
}

/// The starts and ends of invocations, eight bytes for each.
///
/// The number that run at a moment does not depend on which start belongs to which end.
package struct RunningInvocations {
  private var starts = TimeList()
  private var ends = TimeList()

  /// Makes an empty list.
  package init() {}

  mutating func add(_ interval: Range<Int64>) {
    starts.add(interval.lowerBound)
    ends.add(interval.upperBound)
  }

  /// Adds the invocations that have a time.
  package mutating func add(_ samples: InvocationSamples) {
    for sample in samples {
      if let interval = sample.interval { add(interval) }
    }
  }

  /// Moves the elements of `other` here.
  package mutating func merge(_ other: inout RunningInvocations) {
    starts.merge(&other.starts)
    ends.merge(&other.ends)
  }

  /// Returns the peak within each of `periods`, which are sorted and disjoint.
  ///
  /// Invocations that are running at the start of a period count in it.
  package mutating func peaks(in periods: [Range<Int64>]) -> [ConcurrencyPeak] {
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
        // At the same moment, ends precede starts.
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
