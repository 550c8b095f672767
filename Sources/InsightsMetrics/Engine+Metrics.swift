public import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText
internal import InsightsTriage

extension Engine {
  /// Computes Lambda's metrics by function and period.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func metrics(_ options: MetricsOptions) throws -> MetricsReport {
    // Invocations that were under way when the range began overlap those in it.
    var range = options.timeRange
    range.start = range.start.map { $0 &- AWSMessages.Limit.invocation }
    try store.provideFacts(
      of: Store.FactSelection(timeRange: range, logGroups: options.logGroups))
    let functions = try functionNumbers(
      logGroups: options.logGroups, combined: options.combinesFunctions)
    var throttles: [(function: String, time: Int64?)] = []
    let collectors = try store.forEachInvocation(
      in: range, makeCollector: { MetricsCollector(options: options, functions: functions.names) },
      { collector, samples in
        functions.forEachRun(of: samples) { collector.add($0, ofFunction: $1) }
      },
      meanwhile: {
        try forEachRefusedCall(in: options.timeRange, logGroups: options.logGroups) {
          throttles.append(($0, $1))
        }
      })
    for other in collectors.dropFirst() { collectors[0].merge(other) }
    for (function, time) in throttles { collectors[0].addThrottle(of: function, at: time) }
    return collectors[0].report()
  }
}
