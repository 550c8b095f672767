internal import InsightsFunctions
public import InsightsScan
public import InsightsSQLite
public import InsightsModel

extension Store {
  /// Runs a statement and calls `receive` with batches of its rows, in order.
  ///
  /// `optimizations` are the scan optimizations to use; they do not change the rows. `keepsRows`: the
  /// receiver keeps the rows, so they count against the memory limit until the statement ends;
  /// otherwise only the current batch does.
  ///
  /// - Returns: the statistics of its scans, one each.
  /// - Throws: `StoreError.patternTooExpensive`, `.memoryLimitExceeded`, `.limitReached`,
  ///   `.interrupted`, `.timedOut`, `.damaged`, and what `receive` throws, which ends the run.
  public func run(
    _ statement: SQLStatement, optimizations: ScanOptimizations = .all,
    context: ExecutionContext = ExecutionContext(), keepsRows: Bool = false,
    _ receive: ([[Value]]) throws -> Void
  ) throws -> [ScanStatistics] {
    let budget = try newBudget(context)
    let events = eventsTables(of: statement, optimizations, budget)
    var failure: (any Error)?
    try withEvents(statement, events, budget) { prepared throws(StoreError) in
      try forEachBatch(of: prepared, statement.columns, budget, keepsRows: keepsRows) { rows in
        do { try receive(rows) } catch { failure = error }
        return failure == nil
      }
    }
    if let failure { throw failure }
    return events.map(\.statistics)
  }

  /// Runs a statement and returns all its rows.
  ///
  /// - Throws: `StoreError`, as for rows in batches.
  public func table(
    of statement: SQLStatement, optimizations: ScanOptimizations = .all,
    context: ExecutionContext = ExecutionContext()
  ) throws(StoreError) -> ResultTable {
    let budget = try newBudget(context)
    return try table(
      of: statement, over: eventsTables(of: statement, optimizations, budget), budget)
  }

  /// Runs statements over the same state of the store; calls `body` with the number, the rows and
  /// the scan statistics of each, in order.
  ///
  /// Their scans share the reading of segments where they need the whole segment. Together, the
  /// statements have the memory limit of one statement.
  ///
  /// - Throws: as for one statement, and what `body` throws, which ends the run.
  public func run(
    _ statements: [SQLStatement], context: ExecutionContext = ExecutionContext(),
    _ body: (Int, ResultTable, [ScanStatistics]) throws -> Void
  ) throws {
    let memory = QueryMemory(limit: context.limits.memory)
    let budgets = try statements.map { _ in try newBudget(context, memory) }
    let tables = zip(statements, budgets).map { eventsTables(of: $0, .all, $1) }
    let plain = statements.indices.filter { tables[$0].isEmpty }
    try connection.withSiblings(plain.isEmpty ? 0 : 1) { siblings in
      let answers = PlainAnswers(
        plain, of: statements, budgets, memory, store: self, sibling: siblings.first)
      EventsTable.beginScans(of: tables.flatMap { $0 })
      for (index, statement) in statements.enumerated() {
        var events = tables[index]
        let result: ResultTable
        do throws(StoreError) {
          if events.isEmpty, let answer = answers.take(index) {
            result = answer
          } else {
            result = try table(of: statement, over: events, budgets[index])
          }
        } catch {
          guard error.isAboutMemory else { throw error }
          // The statement needs more memory than the other scans leave: discard those, they are
          // repeated later.
          for others in tables { for table in others { table.dropBegunScan() } }
          let budget = try newBudget(context)
          events = eventsTables(of: statement, .all, budget)
          result = try table(of: statement, over: events, budget)
        }
        try body(index, result, events.map(\.statistics))
      }
    }
  }

  func table(
    of statement: SQLStatement, over events: [EventsTable], _ budget: QueryBudget
  ) throws(StoreError) -> ResultTable {
    var table = ResultTable(columns: statement.columns)
    try withEvents(statement, events, budget) { prepared throws(StoreError) in
      try forEachBatch(of: prepared, statement.columns, budget, keepsRows: true) { rows in
        table.rows += rows
        return true
      }
    }
    return table
  }

  /// The maximum number of rows in a batch, and the size in bytes that ends a batch earlier.
  private static let batchRowCount = 500
  private static let batchByteCount = 1 << 20

  /// Steps through the rows of a statement and calls `receive` with batches of them, until it
  /// returns false.
  private func forEachBatch(
    of prepared: Statement, _ columns: [ResultColumn], _ budget: QueryBudget, keepsRows: Bool,
    _ receive: ([[Value]]) -> Bool
  ) throws(StoreError) {
    let memory = budget.memory
    let limit = budget.keptRowsLimit
    var batch: [[Value]] = []
    var batchByteCount = 0
    var byteCount = 0
    defer { memory.release(byteCount) }
    while try prepared.step() {
      let row = columns.indices.map { prepared.value(at: $0) }
      let size = Self.byteCount(of: row)
      byteCount += size
      batchByteCount += size
      try memory.change(by: size)
      guard byteCount <= limit else { throw .limitReached(.resultBytes(limit: limit)) }
      batch.append(row)
      guard batch.count == Self.batchRowCount || batchByteCount >= Self.batchByteCount else {
        continue
      }
      budget.context.progress.addRows(batch.count)
      guard receive(batch) else { return }
      batch.removeAll(keepingCapacity: true)
      if !keepsRows {
        memory.release(batchByteCount)
        byteCount -= batchByteCount
      }
      batchByteCount = 0
    }
    guard !batch.isEmpty else { return }
    budget.context.progress.addRows(batch.count)
    _ = receive(batch)
  }

  /// The approximate size in bytes of a row in memory.
  static func byteCount(of row: [Value]) -> Int { row.reduce(40) { $0 + $1.byteCount } }

  /// Runs a statement and calls `body` with each row, without keeping any.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends the run.
  public func forEachRow(
    of statement: SQLStatement, context: ExecutionContext = ExecutionContext(),
    _ body: (Statement) throws -> Void
  ) throws {
    var failure: (any Error)?
    try withEvents(statement, context) { prepared throws(StoreError) in
      while failure == nil, try prepared.step() {
        do { try body(prepared) } catch { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// Returns the SQL over this store's tables, the scan requests as comments, and SQLite's query
  /// plan.
  public func explanation(of statement: SQLStatement) throws(StoreError) -> String {
    let (text, _, scans) = provided(statement)
    return try withEvents(statement, ExecutionContext(), prefix: "EXPLAIN QUERY PLAN ") {
      plan throws(StoreError) in
      var depths: [Int64: Int] = [0: -1]
      var lines: [String] = []
      while try plan.step() {
        let depth = (depths[plan.integer(at: 1)] ?? -1) + 1
        depths[plan.integer(at: 0)] = depth
        lines.append(String(repeating: "  ", count: depth) + plan.text(at: 3))
      }
      let asked = scans.map { relation, request in
        let number = relation.name.dropFirst(relation.content.count)
        return "\(request)".split(separator: "\n").map { "-- scan\(number): \($0)\n" }.joined()
      }.joined()
      return asked + text + "\n\n" + lines.joined(separator: "\n")
    }
  }

  /// The request of a scan, and its statistics.
  public struct ScanReport {
    public let request: ScanRequest
    public let statistics: ScanStatistics
    /// The operations that the statement itself performs on the scanned rows, with the reasons.
    public let localSteps: [String]
    /// The SQL of the scan on another machine, with the values of its parameters; `nil` for a local
    /// scan.
    public let remoteStatement: String?
  }

  /// Returns the request and the statistics of each scan of events.
  ///
  /// It runs the statement and discards its rows.
  public func scans(
    of statement: SQLStatement, context: ExecutionContext = ExecutionContext()
  ) throws(StoreError) -> [ScanReport] {
    let budget = try newBudget(context)
    let events = eventsTables(of: statement, .all, budget)
    try withEvents(statement, events, budget) { prepared throws(StoreError) in
      while try prepared.step() {}
    }
    return zip(provided(statement).scans, events).map { scan, table in
      ScanReport(
        request: scan.request, statistics: table.statistics,
        localSteps: statement.pushdown?.localSteps[scan.relation.name] ?? [],
        remoteStatement: remote?.statement(
          scan.request, of: scan.relation.content, columns: scan.relation.columns.map(\.field)))
    }
  }

  /// The names of the fields discovered in JSON messages.
  public func discoveredFields() throws(StoreError) -> Set<String> {
    if let remote { return try remote.discoveredFields(connection.waiting.cancellation) }
    let statement = try connection.prepare("SELECT name FROM main.fields WHERE event_count > 0")
    var names: Set<String> = []
    while try statement.step() { names.insert(statement.text(at: 0)) }
    return names
  }

  /// Returns the names of values that are not fields in some event, because they exceed the limit
  /// on fields per event; `nil` if unknown.
  public func fieldsBehindLimit() throws(StoreError) -> Set<String>? {
    guard remote == nil else { return nil }
    let statement = try connection.prepare(
      "SELECT name FROM main.fields WHERE occurs_behind_limit = 1")
    var names: Set<String> = []
    while try statement.step() { names.insert(statement.text(at: 0)) }
    return names
  }

  /// The time of the newest event in epoch milliseconds; `nil` if no event has a time.
  public func newestTimestamp() throws(StoreError) -> Int64? {
    if let remote { return try remote.newestTimestamp(connection.waiting.cancellation) }
    let statement = try connection.prepare("SELECT max(max_timestamp) FROM main.segments")
    return try statement.step() ? statement.optionalInteger(at: 0) : nil
  }

  /// The position of the newest event in input order; 0 if there is none.
  public func lastPosition() throws(StoreError) -> Int64 {
    if let remote { return try remote.lastPosition(connection.waiting.cancellation) }
    return try SegmentTable.lastPosition(connection)
  }

  /// The number of events in the store.
  private func eventCount() throws(StoreError) -> Int {
    if let remote { return remote.eventCount }
    let statement = try connection.prepare("SELECT sum(event_count) FROM main.segments")
    return try statement.step() ? Int(clamping: statement.integer(at: 0)) : 0
  }

  /// Returns the text and bindings of a statement over this store, and its scans of events.
  private func provided(
    _ statement: SQLStatement
  ) -> (text: String, bindings: [Value], scans: [(relation: SQLRelation, request: ScanRequest)]) {
    let pushdown = statement.pushdown
    let relations = pushdown?.relations ?? statement.relations
    return (
      RelationProvider().text(
        of: pushdown?.text ?? statement.text, reading: relations, scanned: scannedRelations),
      pushdown?.bindings ?? statement.bindings,
      relations.filter { scannedRelations.contains($0.content) }
        .map { ($0, pushdown?.requests[$0.name] ?? ScanRequest()) }
    )
  }

  /// Returns the limits of a statement that is about to run; without `memory` it gets its own
  /// memory limit.
  private func newBudget(
    _ context: ExecutionContext, _ memory: QueryMemory? = nil
  ) throws(StoreError) -> QueryBudget {
    QueryBudget(eventCount: try eventCount(), context: context, memory: memory)
  }

  /// Returns a virtual table for each relation of events that a statement reads.
  private func eventsTables(
    of statement: SQLStatement, _ optimizations: ScanOptimizations, _ budget: QueryBudget
  ) -> [EventsTable] {
    let scanner: any EventScanner =
      remote
      ?? SegmentScanner(
        optimizations: optimizations, budget: budget, segments: segmentList)
    return provided(statement).scans.map {
      EventsTable(
        $0.relation, request: $0.request, scanner: scanner, context: budget.context,
        connection: connection)
    }
  }

  private func withEvents<Result>(
    _ statement: SQLStatement, _ context: ExecutionContext, prefix: String = "",
    _ body: (Statement) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let budget = try newBudget(context)
    let events = eventsTables(of: statement, .all, budget)
    return try withEvents(statement, events, budget, prefix: prefix, body)
  }

  /// Calls `body` with the prepared statement, with its virtual tables installed and cancellation
  /// enabled.
  private func withEvents<Result>(
    _ statement: SQLStatement, _ events: [EventsTable], _ budget: QueryBudget, prefix: String = "",
    _ body: (Statement) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let (text, bindings, _) = provided(statement)
    obey(budget.context.cancellation)
    try budget.context.cancellation.throwIfStopped()
    connection.functionWorkspace.budget = budget
    connection.functionWorkspace.failure = nil
    defer { for table in events { table.remove() } }
    for table in events { try table.install() }
    do throws(StoreError) {
      return try SQLiteMemory.counted(in: budget.memory) { () throws(StoreError) in
        let prepared = try connection.prepare(prefix + text)
        for (index, value) in bindings.enumerated() { prepared.bind(value, at: index + 1) }
        return try body(prepared)
      }
    } catch {
      throw events.lazy.compactMap(\.failure).first ?? error
    }
  }
}

extension StoreError {
  /// Whether the error may disappear if other statements use less memory.
  fileprivate var isAboutMemory: Bool {
    switch self {
    case .memoryLimitExceeded, .limitReached(.resultBytes): true
    default: false
    }
  }
}

extension Value {
  /// The approximate size in bytes in a table; texts of more than 15 bytes are allocated
  /// separately.
  var byteCount: Int {
    switch self {
    case .text(let text), .wide(let text):
      text.utf8.count > 15 ? 24 + 48 + text.utf8.count : 24
    case .null, .integer, .real: 24
    }
  }
}

extension Statement {
  func bind(_ value: Value, at index: Int) {
    switch value {
    case .null: bind(nil as Int64?, at: index)
    case .integer(let number): bind(number, at: index)
    case .real(let number): bind(number, at: index)
    case .text(let text), .wide(let text): bind(text, at: index)
    }
  }

  /// Returns the value of a column; NaN and infinity, which the language does not have, are
  /// missing.
  public func value(at index: Int) -> Value {
    switch type(at: index) {
    case .null: return .null
    case .integer: return .integer(integer(at: index))
    case .real:
      let number = real(at: index)
      return number.isFinite ? .real(number) : .null
    case .text: return .text(text(at: index))
    case .blob:
      // A BLOB with digits is an integer beyond 64 bits; any other BLOB is a map or a list.
      let text = text(at: index)
      let isWide = text.utf8.first.map { $0 == UInt8(ascii: "-") || $0 &- 0x30 < 10 } ?? false
      return isWide ? .wide(text) : .text(text)
    }
  }
}
