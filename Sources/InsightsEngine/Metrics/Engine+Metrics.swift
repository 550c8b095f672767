internal import InsightsModel

extension Engine {
  /// Lambda's metrics by function and period.
  ///
  /// - Throws: `StoreError` when the store cannot be read.
  public func metrics(_ options: MetricsOptions) throws -> MetricsReport {
    let all = try rows(
      of: "SOURCE invocations | display \(InvocationFact.columns) | sort @timestamp asc",
      in: options.timeRange, logGroups: options.logGroups
    ).map { InvocationFact($0) }
    var throttles: [(function: String, time: Int64?)] = []
    try forEachRefusedCall(in: options.timeRange, logGroups: options.logGroups) {
      throttles.append(($0, $1))
    }
    var collector = MetricsCollector(
      options: options,
      first: all.lazy.compactMap(\.start).min() ?? throttles.compactMap(\.time).min())
    for invocation in all { collector.add(invocation) }
    for throttle in throttles { collector.addThrottle(of: throttle.function, at: throttle.time) }
    // Invocations that were under way when the range began overlap those in it; 15 minutes is
    // the longest.
    var before: [(function: String, interval: Range<Int64>)] = []
    if let start = options.timeRange.start {
      before = try invocationIntervals(
        in: TimeRange(start: start - 900_000, end: start), logGroups: options.logGroups)
    }
    collector.addConcurrency(
      of: before
        + all.compactMap { fact in fact.interval.map { (fact.function ?? "", $0) } })
    return collector.report
  }
}
