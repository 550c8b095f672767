/// The most invocations that ran at the same time, counted exactly.
///
/// An invocation runs from its start up to, and without, its end: one that starts in the millisecond
/// in which another ends does not overlap it.
struct ConcurrencyPeak: Hashable, Sendable {
  var count: Int
  /// When that many ran for the first time, epoch milliseconds.
  var timestamp: Int64

  /// The peak of `intervals` within each of `periods`, which are in order and do not overlap.
  ///
  /// Invocations that are under way when a period begins count in it.
  static func of(_ intervals: [Range<Int64>], in periods: [Range<Int64>]) -> [ConcurrencyPeak] {
    // Ends come before starts of the same moment.
    let changes = intervals.flatMap { [($0.lowerBound, 1), ($0.upperBound, -1)] }.sorted(by: <)
    var index = 0
    var running = 0
    return periods.map { period in
      while index < changes.count, changes[index].0 <= period.lowerBound {
        running += changes[index].1
        index += 1
      }
      var peak = ConcurrencyPeak(count: running, timestamp: period.lowerBound)
      while index < changes.count, changes[index].0 < period.upperBound {
        running += changes[index].1
        if running > peak.count {
          peak = ConcurrencyPeak(count: running, timestamp: changes[index].0)
        }
        index += 1
      }
      return peak
    }
  }

  /// The peak of each function, and that of all together.
  static func byFunction(
    of intervals: [(function: String, interval: Range<Int64>)], from start: Int64, to end: Int64
  ) -> (total: ConcurrencyPeak?, functions: [String: ConcurrencyPeak]) {
    guard start < end else { return (nil, [:]) }
    let functions = Dictionary(grouping: intervals, by: \.function).mapValues { members in
      of(members.map(\.interval), in: [start..<end])[0]
    }
    let total = of(intervals.map(\.interval), in: [start..<end])[0]
    return (total, functions.filter { $0.value.count > 0 })
  }
}
