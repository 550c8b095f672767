internal import InsightsModel
internal import InsightsStore

extension Engine {
  /// Lambda's maximum duration, 15 minutes: invocations that started earlier have ended.
  private static let longestInvocation: Int64 = 900_000

  /// Computes Lambda's metrics by function and period.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func metrics(_ options: MetricsOptions) throws -> MetricsReport {
    // Invocations that were under way when the range began overlap those in it.
    var range = options.timeRange
    range.start = range.start.map { $0 &- Self.longestInvocation }
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
    for other in collectors.dropFirst() { collectors[0].take(other) }
    for (function, time) in throttles { collectors[0].addThrottle(of: function, at: time) }
    return collectors[0].report()
  }

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
    let range = TimeRange(start: start &- Self.longestInvocation, end: end)
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
      for collector in collectors { running.take(&collector.running[index]) }
      let peak = running.peaks(in: [start..<end])[0]
      if peak.count > 0 { functions[name] = peak }
      all.take(&running)
    }
    return (all.peaks(in: [start..<end])[0], functions)
  }

  /// Numbers the functions of log groups; `combined` treats all as one, without a name.
  private func functionNumbers(
    logGroups: [String] = [], combined: Bool = false
  ) throws(StoreError) -> FunctionNumbers {
    var numbers = FunctionNumbers()
    try store.forEachStream(ofGroups: logGroups) { id, logGroup, logStream in
      let name = combined ? nil : FunctionName.of(logGroup: logGroup, logStream: logStream)
      numbers.add(name ?? "", ofStream: id)
    }
    return numbers
  }
}

/// The function of each log stream, by numbers.
private struct FunctionNumbers {
  /// Indexed by number; empty if the logs do not name the function.
  private(set) var names: [String] = []
  private var indexes: [String: Int] = [:]
  private var byStream: [Int64: Int] = [:]

  mutating func add(_ name: String, ofStream stream: Int64) {
    let index = indexes[name] ?? names.count
    if index == names.count {
      indexes[name] = index
      names.append(name)
    }
    byStream[stream] = index
  }

  /// Calls `body` with consecutive samples of one stream, usually many, and the number of their
  /// function; streams that are not selected are skipped.
  func forEachRun(
    of samples: UnsafeBufferPointer<Store.InvocationSample>,
    _ body: (InvocationSamples, Int) -> Void
  ) {
    var start = 0
    while start < samples.count {
      let stream = samples[start].streamID
      var end = start + 1
      while end < samples.count, samples[end].streamID == stream { end += 1 }
      if let function = byStream[stream] { body(samples[start..<end], function) }
      start = end
    }
  }
}
