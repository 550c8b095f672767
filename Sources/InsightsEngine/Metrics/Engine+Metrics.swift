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
    let throttles = try throttledCalls(
      TriageOptions(timeRange: options.timeRange, logGroups: options.logGroups))
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

  /// Refused calls: of the function where the gateway names it, else where the caller logged it.
  ///
  /// A request that logs several lines about it counts once.
  private func throttledCalls(
    _ options: TriageOptions
  ) throws -> [(function: String, time: Int64?)] {
    var seen: Set<String> = []
    var calls: [(function: String, time: Int64?)] = []
    for line in try throttleLines(options, errors: errors(options)) {
      if let id = line.requestID, !seen.insert(id).inserted { continue }
      let function = FunctionName.of(logGroup: line.logGroup, logStream: line.logStream)
      calls.append((function ?? "", line.timestamp))
    }
    for request in try executionLogRequests(options, lambdaRequestIDs: [])
    where request.says("status: 429") || request.says("Rate Exceeded") {
      calls.append((request.function ?? "", request.last))
    }
    return calls
  }
}
