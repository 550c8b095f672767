public import InsightsScan
public import InsightsModel
public import InsightsQuery
internal import InsightsStore

extension Engine {
  /// The rows of a query, with its outcome.
  public struct Answer: Sendable {
    /// The rows.
    public let table: ResultTable
    /// The outcome of the run, apart from its rows.
    public let outcome: QueryOutcome
    /// The compiled query.
    public var query: CompiledQuery { outcome.query }
    /// The duration of its stages.
    public var timing: Timing { outcome.timing }
  }

  /// The duration of a query's stages, and what its scans read.
  public struct Timing: Sendable {
    /// The duration of compilation.
    public let compile: Duration
    /// The duration of the run, including statistics.
    public let run: Duration
    /// The numbers of events and bytes that its scans have read and skipped.
    public let scanned: ScanStatistics
  }

  /// Compiles and runs a query; returns all its rows.
  ///
  /// With `countsRows` the table has exact statistics, which need queries of their own.
  /// `optimizations` are the scan optimizations to use; they do not change the rows.
  ///
  /// - Throws: `QueryError` if it does not compile, `StoreError` if it cannot be run.
  public func answer(
    _ source: SourceText, options: Binder.Options, countsRows: Bool = false,
    optimizations: ScanOptimizations = .all
  ) throws -> Answer {
    try answer(
      QueryRequest(
        source, options: options, wantsStatistics: countsRows, optimizations: optimizations))
  }

  /// Compiles and runs a query; returns all its rows, with exact statistics if requested.
  ///
  /// - Throws: `QueryError` if it does not compile, `StoreError` if it cannot be run.
  public func answer(_ request: QueryRequest) throws -> Answer {
    let sink = TableSink()
    let outcome = try QueryExecution(request, context: context).run(by: self, into: sink)
    return Answer(sink.table, outcome, hasStatistics: request.wantsStatistics)
  }

  /// Compiles and runs several queries over the same state of the store; calls `body` with the
  /// number and the result of each, in order.
  ///
  /// Shared scans run once; their time is attributed to the first query.
  ///
  /// - Throws: as for one query, and what `body` throws.
  public func answer(
    _ requests: [QueryRequest], _ body: (Int, Answer) throws -> Void
  ) throws {
    let clock = ContinuousClock()
    var queries: [CompiledQuery] = []
    var times: [Duration] = []
    // Several queries usually share their tables.
    try load(Array(Set(requests.flatMap(\.lookupTables))))
    for request in requests {
      let start = clock.now
      queries.append(try request.compiled(by: self))
      times.append(clock.now - start)
    }
    var start = clock.now
    try backend.execute(queries.map(\.plan), context: context) { index, table, scans in
      let outcome = try outcome(
        of: queries[index], rowCount: table.rows.count, scans,
        exactly: requests[index].wantsStatistics, compile: times[index], since: start)
      var table = table
      table.groupKeys = outcome.groupKeys
      try body(index, Answer(table, outcome, hasStatistics: requests[index].wantsStatistics))
      start = clock.now
    }
  }

  /// Compiles and runs a query; passes its rows to the sink.
  func run(_ request: QueryRequest, into sink: any RowSink) throws -> QueryOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    // Statistics need the reply, which then comes while the query runs.
    if request.wantsStatistics { store.remote?.beginCheck(context.cancellation) }
    try load(request.lookupTables)
    let query = try request.compiled(by: self)
    let compiled = clock.now
    var rowCount = 0
    let scans = try backend.execute(
      query.plan, optimizations: request.optimizations, context: context, keepsRows: sink.keepsRows,
      begin: { try sink.begin($0, of: query) },
      receive: { rows in
        rowCount += rows.count
        try sink.receive(rows)
      })
    let outcome = try outcome(
      of: query, rowCount: rowCount, scans, exactly: request.wantsStatistics,
      compile: compiled - start, since: compiled)
    try sink.end(outcome)
    return outcome
  }

  /// Builds the outcome of a query whose rows have been found.
  private func outcome(
    of query: CompiledQuery, rowCount: Int, _ scans: [ScanStatistics], exactly: Bool,
    compile: Duration, since start: ContinuousClock.Instant
  ) throws -> QueryOutcome {
    let scanned = scans.reduce(into: ScanStatistics()) { $0 += $1 }
    var statistics = QueryStatistics(soFar: context.progress)
    statistics.resultCount = Int64(rowCount)
    if exactly { statistics = try self.statistics(of: query, resultCount: rowCount, scanned) }
    let timing = Timing(compile: compile, run: ContinuousClock.now - start, scanned: scanned)
    let outcome = QueryOutcome(
      query: query, statistics: statistics, timing: timing,
      groupKeys: query.plan.groupKeys?.map(\.name))
    observer?(outcome)
    return outcome
  }

  /// Computes what a query read: by its scan as far as that knows it, the rest by separate queries.
  private func statistics(
    of query: CompiledQuery, resultCount: Int, _ scanned: ScanStatistics
  ) throws -> QueryStatistics {
    var total: Int64 = 0
    var totalBytes: Int64 = 0
    var logGroups: Set<Value> = []
    for plan in query.plan.scannedRows {
      for row in try counts(of: plan) {
        if case .integer(let count) = row[1] { total += count }
        if case .integer(let bytes) = row[2] { totalBytes += bytes }
        if row[0] != .null { logGroups.insert(row[0]) }
      }
    }
    let matched =
      try query.plan.matchedCount.map { try scanned.matchedRows ?? number(of: $0) } ?? total
    // A skipped segment may lie partly outside the time range.
    let skipped = min(Int64(scanned.eventsSkippedByIndex), max(total - matched, 0))
    let skippedBytes = skipped > 0 ? min(Int64(scanned.textBytesSkippedByIndex), totalBytes) : 0
    return QueryStatistics(
      matchedCount: matched, scannedCount: total - skipped, skippedCount: skipped,
      scannedBytes: totalBytes - skippedBytes, skippedBytes: skippedBytes,
      logGroupCount: Int64(logGroups.count), resultCount: Int64(resultCount))
  }

  /// Returns the single number of a plan's result; 0 without rows.
  func number(of plan: Plan) throws(StoreError) -> Int64 {
    guard case .integer(let count) = try counts(of: plan).first?.first else { return 0 }
    return count
  }

  /// Returns the rows of a plan that counts events.
  ///
  /// Of a store on a server, they are kept as long as its events are the same.
  private func counts(of plan: Plan) throws(StoreError) -> [[Value]] {
    guard let remote = store.remote, !store.hasLookupTables else {
      return try backend.table(of: plan, context: context).rows
    }
    let state = try remote.state(context.cancellation)
    // Queries up to the present have the same counts until there are newer events.
    let plan = state.timestamps.map { plan.reading(only: $0) } ?? plan
    if let rows = statisticsCache.rows(of: plan, in: state) { return rows }
    let rows = try backend.table(of: plan, context: context).rows
    statisticsCache.keep(rows, of: plan, in: state)
    return rows
  }
}

extension Engine.Answer {
  fileprivate init(_ table: ResultTable, _ outcome: QueryOutcome, hasStatistics: Bool) {
    var table = table
    if hasStatistics { table.statistics = outcome.statistics }
    self.init(table: table, outcome: outcome)
  }
}
