internal import InsightsModel
internal import InsightsStore

extension Engine {
  /// Lambda runs an invocation for 15 minutes at most: those that began earlier are over.
  private static let longestInvocation: Int64 = 900_000

  /// Lambda's metrics by function and period.
  ///
  /// - Throws: `StoreError` when the store cannot be read.
  public func metrics(_ options: MetricsOptions) throws -> MetricsReport {
    let collector = MetricsCollector(options: options)
    // Invocations that were under way when the range began overlap those in it.
    var range = options.timeRange
    range.start = range.start.map { $0 &- Self.longestInvocation }
    try forEachInvocation(
      in: range, logGroups: options.logGroups, index: collector.index(ofFunction:),
      collector.add)
    try forEachRefusedCall(
      in: options.timeRange, logGroups: options.logGroups, collector.addThrottle)
    return collector.report()
  }

  /// The peak of overlapping invocations between two times, of each function and of all together.
  func concurrencyPeaks(
    from start: Int64, to end: Int64
  ) throws -> (total: ConcurrencyPeak?, functions: [String: ConcurrencyPeak]) {
    guard start < end else { return (nil, [:]) }
    var indexes: [String: Int] = [:]
    var running: [RunningInvocations] = []
    try forEachInvocation(
      in: TimeRange(start: start &- Self.longestInvocation, end: end),
      index: { name in
        if let index = indexes[name] { return index }
        indexes[name] = running.count
        running.append(RunningInvocations())
        return running.count - 1
      },
      { invocation, function in
        if let interval = invocation.interval { running[function].add(interval) }
      })
    var functions: [String: ConcurrencyPeak] = [:]
    var all = RunningInvocations()
    for (name, index) in indexes {
      let peak = running[index].peaks(in: [start..<end])[0]
      if peak.count > 0 { functions[name] = peak }
      all.take(&running[index])
    }
    return (all.peaks(in: [start..<end])[0], functions)
  }

  /// Calls `body` with each invocation that starts in the range and the number of its function,
  /// which `index` gives for its name; that is empty where the logs do not tell it.
  private func forEachInvocation(
    in range: TimeRange, logGroups: [String] = [], index: (String) -> Int,
    _ body: (Store.InvocationSample, Int) -> Void
  ) throws(StoreError) {
    var functions: [Int64: Int] = [:]
    try store.forEachStream(ofGroups: logGroups) { id, logGroup, logStream in
      functions[id] = index(FunctionName.of(logGroup: logGroup, logStream: logStream) ?? "")
    }
    // Neighbours mostly are of the same stream.
    var stream: Int64?
    var function: Int?
    try store.forEachInvocation(in: range) { invocation in
      if invocation.streamID != stream {
        stream = invocation.streamID
        function = functions[invocation.streamID]
      }
      if let function { body(invocation, function) }
    }
  }
}
