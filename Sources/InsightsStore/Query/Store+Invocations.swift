internal import InsightsSQLite
public import InsightsModel
internal import InsightsThreads

extension Store {
  /// The measured values of an invocation.
  public struct InvocationSample: Sendable {
    /// The number of its log stream, see `forEachStream`.
    public var streamID: Int64
    /// Epoch milliseconds; `nil` if the log has no times.
    public var start: Int64?
    /// Epoch milliseconds; `nil` without a REPORT, or without times.
    public var end: Int64?
    /// The duration; `nil` without a REPORT.
    public var durationMilliseconds: Double?
    /// The billed duration; `nil` without a REPORT.
    public var billedMilliseconds: Int64?
    /// The configured memory in megabytes, from its REPORT; `nil` without one.
    public var memoryMegabytes: Int64?
    /// Whether it ended with an error or a timeout.
    public var hasFailed: Bool
    /// Whether it was a cold start.
    public var isColdStart: Bool
  }

  /// Calls `body` with the number, log group and name of each log stream whose group matches one of
  /// `logGroups`; without these, of all streams.
  public func forEachStream(
    ofGroups logGroups: [String] = [],
    _ body: (_ id: Int64, _ logGroup: String?, _ logStream: String?) -> Void
  ) throws(StoreError) {
    let conditions = logGroups.indices.map { "g.name GLOB ?\($0 + 1)" }
    let statement = try connection.prepare(
      """
      SELECT s.id, g.name, s.name
      FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
      \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " OR "))
      """)
    for (index, glob) in logGroups.enumerated() { statement.bind(glob, at: index + 1) }
    while try statement.step() {
      body(statement.integer(at: 0), statement.optionalText(at: 1), statement.optionalText(at: 2))
    }
  }

  /// Calls `body` with the invocations that start in the range, in batches of some hundred; each
  /// exactly once.
  ///
  /// A range without bounds includes those without a start. The invocations are read by several
  /// threads, each with its own collector, while this thread first runs `meanwhile`. The
  /// distribution over collectors and the order vary between runs. Nothing is kept here, so any
  /// number of invocations needs constant memory.
  ///
  /// - Returns: the collectors that were used.
  /// - Throws: `StoreError`, and what `meanwhile` throws.
  public func forEachInvocation<Collector>(
    in range: TimeRange, makeCollector: () -> Collector,
    _ body: @escaping (Collector, UnsafeBufferPointer<InvocationSample>) -> Void,
    meanwhile: () throws -> Void = {}
  ) throws -> [Collector] {
    try forEachStretch(
      ofInvocationsIn: range, makeCollector: makeCollector,
      { connection, ids, collector throws(StoreError) in
        try InvocationReader(of: connection, in: range) { body(collector, $0) }
          .read(ids, of: connection)
      }, meanwhile: meanwhile)
  }

  /// Calls `read` on several threads with ranges of ids of the invocations that may start in a time
  /// range.
  ///
  /// A range has some ten thousand ids. Each thread has its own connection and collector; all
  /// connections see the same state. This thread first runs `meanwhile`.
  ///
  /// - Returns: the collectors.
  /// - Throws: `StoreError`, and what `meanwhile` throws.
  func forEachStretch<Collector>(
    ofInvocationsIn range: TimeRange, makeCollector: () -> Collector,
    _ read: @escaping (Connection, ClosedRange<Int64>, Collector) throws(StoreError) -> Void,
    meanwhile: () throws -> Void
  ) throws -> [Collector] {
    typealias Worker = (connection: Connection, collector: Collector)
    // Few invocations are not worth a thread.
    let threadCount = min(Processors.workerCount, try invocationStretches(in: range).count / 2)
    return try connection.withSiblings(threadCount - 1) { siblings in
      let stretches = try invocationStretches(in: range)
      let workers: [Worker] = ([connection] + siblings).map { ($0, makeCollector()) }
      let tasks = SharedTasks<Worker, StoreError>(count: stretches.count) {
        worker, number throws(StoreError) in
        try read(worker.connection, stretches[number], worker.collector)
      }
      let threads = workers.dropFirst().compactMap(tasks.thread(with:))
      do {
        defer { for thread in threads { thread.join() } }
        do { try meanwhile() } catch {
          tasks.stop()
          throw error
        }
        tasks.work(with: workers[0])
      }
      if let failure = tasks.failure { throw failure }
      return workers.map(\.collector)
    }
  }

  /// The number of invocation zones that are read as one task.
  private static let zonesPerStretch: Int64 = 16

  /// Returns the ids of the invocations that may start in a time range, in parts of some ten
  /// thousand.
  private func invocationStretches(in range: TimeRange) throws(StoreError) -> [ClosedRange<Int64>] {
    let statement = try connection.prepare(
      """
      SELECT low, high FROM \(InvocationZones.ranges(timeless: range == .everything)) ORDER BY low
      """)
    statement.bind(range.start, at: 1)
    statement.bind(range.end, at: 2)
    let length = Self.zonesPerStretch * InvocationZones.length
    var stretches: [ClosedRange<Int64>] = []
    while try statement.step() {
      var low = statement.integer(at: 0)
      let high = statement.integer(at: 1)
      if let last = stretches.last, last.upperBound + 1 == low, high - last.lowerBound < length {
        stretches[stretches.count - 1] = last.lowerBound...high
        continue
      }
      // Before zones are built, all ids are in the last part.
      while high - low >= length {
        stretches.append(low...(low + length - 1))
        low += length
      }
      if low <= high { stretches.append(low...high) }
    }
    return stretches
  }
}
