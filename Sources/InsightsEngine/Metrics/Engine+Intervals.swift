internal import InsightsModel

extension Engine {
  /// When invocations ran, by function; those without a time are left out.
  ///
  /// An invocation without an end counts in its first millisecond: how long it ran is unknown.
  func invocationIntervals(
    in timeRange: TimeRange, logGroups: [String]
  ) throws -> [(function: String, interval: Range<Int64>)] {
    try rows(
      of: """
        SOURCE invocations | filter ispresent(start_ms)
        | display \(InvocationFact.columns) | sort @timestamp asc
        """, in: timeRange, logGroups: logGroups
    ).compactMap { row in
      let invocation = InvocationFact(row)
      guard let interval = invocation.interval else { return nil }
      return (invocation.function ?? "", interval)
    }
  }
}

extension Engine {
  func concurrencyPeaks(
    from start: Int64, to end: Int64
  ) throws -> (total: ConcurrencyPeak?, functions: [String: ConcurrencyPeak]) {
    ConcurrencyPeak.byFunction(
      of: try invocationIntervals(in: .init(start: start - 900_000, end: end), logGroups: []),
      from: start, to: end)
  }
}

extension InvocationFact {
  static let columns = """
    id, request_id, log_group, log_stream, attempt, start_ms, end_ms, duration_ms, billed_ms, \
    memory_mb, max_memory_mb, init_ms, restore_ms, status, error_type, timed_out, oom, xray_trace_id
    """

  /// From the start up to the end, at least one millisecond; `nil` without a time.
  var interval: Range<Int64>? {
    guard let start else { return nil }
    let end = wholeDuration.map { start + $0 } ?? end ?? start
    return start..<max(end, start + 1)
  }
}
