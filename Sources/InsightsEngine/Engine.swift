public import InsightsModel
public import InsightsQuery
internal import InsightsSQL
public import InsightsStore

/// The façade of `insights`: compiles queries and runs them over one store.
public final class Engine {
  let store: Store
  let catalog: StoreCatalog
  /// Told of every query that has been answered, those that the program asks itself included.
  public var observer: ((CompiledQuery, Timing) -> Void)?

  /// Opens the store at `path` for reading.
  ///
  /// - Throws: `StoreError`.
  public convenience init(
    readingStoreAt path: String, waiting: Waiting = Waiting()
  ) throws(StoreError) {
    try self.init(store: Store(path: path, access: .readOnly, waiting: waiting))
  }

  init(store: Store) throws(StoreError) {
    self.store = store
    store.watchDeadline()
    try store.connection.registerFunctions()
    catalog = StoreCatalog(
      discoveredFields: try store.discoveredFields(), logGroups: try store.logGroupNames())
  }

  /// Makes tables known to `lookup` and `cidrlookup`.
  public func load(_ tables: [LookupTable]) throws(StoreError) {
    for table in tables { try store.load(table) }
  }

  /// The rows of a query.
  public struct Answer: Sendable {
    public let table: ResultTable
    public let query: CompiledQuery
    public let timing: Timing
  }

  /// How long the stages of a query took, and what its scans read.
  public struct Timing: Sendable {
    public let compile: Duration
    /// With what was needed for statistics.
    public let run: Duration
    public let scanned: ScanFigures
  }

  /// Bytes that the groups, sort keys and distinct values of a query may take while it scans.
  public var memoryLimit: Int {
    get { store.memoryLimit }
    set { store.memoryLimit = newValue }
  }

  /// Rows that one command may make of others, and steps that the regexes of a query may take in
  /// all; `nil` for what grows with the store.
  public var rowBudget: Int? {
    get { store.rowBudget }
    set { store.rowBudget = newValue }
  }

  public var stepBudget: Int? {
    get { store.stepBudget }
    set { store.stepBudget = newValue }
  }

  /// When the work on a query is given up.
  public var deadline: ContinuousClock.Instant? {
    get { store.connection.waiting.deadline }
    set {
      store.connection.waiting.deadline = newValue
      store.watchDeadline()
    }
  }

  /// Compiles and runs a query.
  ///
  /// `countsRows`: the table comes with statistics, which take queries of their own. `techniques`
  /// say how scans may save work; the rows are the same.
  ///
  /// - Throws: `QueryError` when it does not compile, `StoreError` when it cannot be carried out.
  public func answer(
    _ source: SourceText, options: Binder.Options, countsRows: Bool = false,
    techniques: ScanTechniques = .all
  ) throws -> Answer {
    let clock = ContinuousClock()
    let start = clock.now
    let query = try CompiledQuery(
      source, options: options, catalog: catalog, techniques: techniques)
    let compiled = clock.now
    let table = try store.run(query.statement, techniques: techniques)
    return try answer(
      query, table, countsRows: countsRows, compile: compiled - start, since: compiled)
  }

  /// Compiles and runs several queries, each with its options, over the same state of the store, and
  /// calls `body` with the number and the answer of each, in order.
  ///
  /// What they have in common is read once; the time that this takes is told with the first.
  ///
  /// - Throws: as for one query, and what `body` throws.
  public func answer(
    _ sources: [(source: SourceText, options: Binder.Options)], countsRows: Bool,
    _ body: (Int, Answer) throws -> Void
  ) throws {
    let clock = ContinuousClock()
    var queries: [CompiledQuery] = []
    var times: [Duration] = []
    for (source, options) in sources {
      let start = clock.now
      queries.append(try CompiledQuery(source, options: options, catalog: catalog))
      times.append(clock.now - start)
    }
    var start = clock.now
    try store.run(queries.map(\.statement)) { index, table in
      let answer = try answer(
        queries[index], table, countsRows: countsRows, compile: times[index], since: start)
      try body(index, answer)
      start = clock.now
    }
  }

  /// The answer of a query whose rows have just been found, with what else is asked of it.
  private func answer(
    _ query: CompiledQuery, _ rows: ResultTable, countsRows: Bool, compile: Duration,
    since start: ContinuousClock.Instant
  ) throws -> Answer {
    var table = rows
    let scanned = store.lastScans.reduce(into: ScanFigures()) { $0 += $1 }
    table.groupKeys = query.plan.groupKeys?.map(\.name)
    if countsRows {
      table.statistics = try statistics(of: query, resultCount: table.rows.count, scanned)
    }
    let timing = Timing(compile: compile, run: ContinuousClock.now - start, scanned: scanned)
    observer?(query, timing)
    return Answer(table: table, query: query, timing: timing)
  }

  /// What a query read: counted by queries of their own, but for what its scans skipped.
  private func statistics(
    of query: CompiledQuery, resultCount: Int, _ scanned: ScanFigures
  ) throws -> QueryStatistics {
    let total = try query.plan.scannedCounts.reduce(0) { try $0 + count($1) }
    let totalBytes = try scannedBytes(of: query)
    let matched = try count(query.plan.matchedCount)
    // A segment that is skipped may lie partly outside the range of time.
    let skipped = min(Int64(scanned.eventsSkippedByIndex), max(total - matched, 0))
    let skippedBytes = skipped > 0 ? min(Int64(scanned.textBytesSkippedByIndex), totalBytes) : 0
    let logGroups = try query.plan.scannedLogGroups.reduce(into: Set<Value>()) { groups, plan in
      groups.formUnion(try store.run(plan.statement()).rows.map { $0[0] })
    }
    return QueryStatistics(
      matchedCount: matched, scannedCount: total - skipped, skippedCount: skipped,
      scannedBytes: totalBytes - skippedBytes, skippedBytes: skippedBytes,
      logGroupCount: Int64(logGroups.count), resultCount: Int64(resultCount))
  }

  /// The number that a counting plan gives; none without rows is 0.
  private func count(_ plan: Plan) throws(StoreError) -> Int64 {
    let table = try store.run(plan.statement())
    guard case .integer(let count) = table.rows.first?.first else { return 0 }
    return count
  }

  /// The time of the newest event, epoch milliseconds.
  public func newestTimestamp() throws(StoreError) -> Int64? {
    try store.newestTimestamp()
  }

  /// The discovered fields and how many events have each, the most frequent first.
  public func fields() throws(StoreError) -> ResultTable {
    try store.fields()
  }

  /// What the store holds, as named figures.
  public func figures() throws(StoreError) -> [(name: String, value: Value)] {
    try store.figures()
  }
}

/// What a store knows of its fields and log groups.
struct StoreCatalog: Catalog {
  let discoveredFields: Set<String>
  let logGroups: [String]?
}
