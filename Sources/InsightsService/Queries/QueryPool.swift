internal import InsightsEngine
internal import InsightsThreads

/// The queries of all clients: as many run concurrently as there are processors, the rest wait.
///
/// Results are kept until the server ends, within limits; beyond them the oldest are discarded.
public final class QueryPool: Sendable {
  /// The maximum number of running and waiting queries, over all interfaces; AWS has the same
  /// limit.
  public static let acceptedLimit = 100
  /// The limits on the results of ended queries.
  private static let limits = Usage(queries: 10_000, memory: 64 << 20, files: 128, disk: 1 << 30)

  /// The resources of ended queries.
  private struct Usage {
    var queries = 0
    var memory = 0
    var files = 0
    var disk = 0

    /// Whether any resource exceeds its limit.
    func exceeds(_ limits: Usage) -> Bool {
      queries > limits.queries || memory > limits.memory || files > limits.files
        || disk > limits.disk
    }

    mutating func add(_ rows: StoredRows, times sign: Int = 1) {
      let size = rows.size
      queries += sign
      memory += sign * size.memory
      files += size.file == nil ? 0 : sign
      disk += sign * (size.file ?? 0)
    }
  }

  private struct State {
    var acceptedCount = 0
    var queries: [String: ServedQuery] = [:]
    /// The ids of running and waiting queries; `ended` contains the ended ones, oldest first.
    var running: [String] = []
    var ended: [String] = []
    var usage = Usage()
  }

  private let engines: EnginePool
  private let threads = ThreadPool(limit: Processors.workerCount)
  private let state = Locked(State())
  private let report: @Sendable (String) -> Void

  init(engines: EnginePool, report: @escaping @Sendable (String) -> Void) {
    self.engines = engines
    self.report = report
  }

  /// Runs `work` on a thread of the pool when it is its turn; returns false if too many queries are
  /// running or waiting.
  func accept(_ work: @escaping @Sendable () -> Void) -> Bool {
    let isAccepted = state.withLock { state in
      guard state.acceptedCount < Self.acceptedLimit else { return false }
      state.acceptedCount += 1
      return true
    }
    guard isAccepted else { return false }
    threads.run { [self] in
      work()
      state.withLock { $0.acceptedCount -= 1 }
    }
    return true
  }

  /// Starts a query, whose results can be requested from now on; returns false if there are too
  /// many.
  func start(_ query: ServedQuery) -> Bool {
    // Register the query before it can end.
    state.withLock { state in
      state.queries[query.id] = query
      state.running.append(query.id)
    }
    let isAccepted = accept { [self] in
      query.run(by: engines)
      if query.status == .failed { report("query \(query.id) failed: \(query.failure ?? "")") }
      state.withLock { Self.end(query, in: &$0) }
    }
    if !isAccepted {
      state.withLock { state in
        state.queries[query.id] = nil
        state.running.removeAll { $0 == query.id }
      }
    }
    return isAccepted
  }

  /// Returns a query that was started; `nil` for an unknown id, or if it was discarded.
  public func query(_ id: String) -> ServedQuery? { state.withLock { $0.queries[id] } }

  /// All queries that are kept, newest first.
  public var queries: [ServedQuery] {
    state.withLock { Array($0.queries.values) }.sorted { $0.number > $1.number }
  }

  /// Cancels all queries.
  func cancelAll() {
    for query in queries { _ = query.cancel() }
  }

  /// Records the end of a query, and discards the oldest ones beyond the limits.
  private static func end(_ query: ServedQuery, in state: inout State) {
    state.running.removeAll { $0 == query.id }
    state.ended.append(query.id)
    state.usage.add(query.rows)
    while state.usage.exceeds(limits), state.ended.count > 1 {
      let oldest = state.ended.removeFirst()
      guard let query = state.queries.removeValue(forKey: oldest) else { continue }
      state.usage.add(query.rows, times: -1)
    }
  }
}
