internal import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

extension Engine {
  /// Returns the peak of concurrent invocations between two times, for each function and in total.
  func concurrencyPeaks(
    from start: Int64, to end: Int64
  ) throws -> (total: ConcurrencyPeak?, functions: [String: ConcurrencyPeak]) {
    final class Collector {
      var running: [RunningInvocations]

      init(functionCount: Int) {
        running = Array(repeating: RunningInvocations(), count: functionCount)
      }
    }
    guard start < end else { return (nil, [:]) }
    let range = TimeRange(start: start &- AWSMessages.Limit.invocation, end: end)
    try store.provideFacts(of: Store.FactSelection(timeRange: range))
    let numbers = try functionNumbers()
    let collectors = try store.forEachInvocation(
      in: range,
      makeCollector: { Collector(functionCount: numbers.names.count) },
      { collector, samples in
        numbers.forEachRun(of: samples) { collector.running[$1].add($0) }
      })
    var functions: [String: ConcurrencyPeak] = [:]
    var all = RunningInvocations()
    for (index, name) in numbers.names.enumerated() {
      var running = RunningInvocations()
      for collector in collectors { running.merge(&collector.running[index]) }
      let peak = running.peaks(in: [start..<end])[0]
      if peak.count > 0 { functions[name] = peak }
      all.merge(&running)
    }
    return (all.peaks(in: [start..<end])[0], functions)
  }
}
