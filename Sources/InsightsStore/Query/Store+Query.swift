public import InsightsSQLite
public import InsightsModel

extension Store {
  /// Runs a statement and calls `receive` with its rows, some at a time, in order.
  ///
  /// `techniques` say how scans of events may save work; the rows are the same. `keepsRows`: whoever
  /// receives rows keeps them, and they count as held until the statement ends; else only the last ones do.
  ///
  /// - Returns: what its scans read, one each.
  /// - Throws: `StoreError.patternTooExpensive`, `.memoryLimitExceeded`, `.limitReached`, `.interrupted`,
  ///   `.timedOut`, `.damaged`, and what `receive` throws, which ends it.
  public func run(
    _ statement: SQLStatement, techniques: ScanTechniques = .all,
    context: ExecutionContext = ExecutionContext(), keepsRows: Bool = false,
    _ receive: ([[Value]]) throws -> Void
  ) throws -> [ScanFigures] {
    let budget = try newBudget(context)
    let events = eventsTables(of: statement, techniques, budget)
    var failure: (any Error)?
    try withEvents(statement, events, budget) { prepared throws(StoreError) in
      try forEachBatch(of: prepared, statement.columns, budget, keepsRows: keepsRows) { rows in
        do { try receive(rows) } catch { failure = error }
        return failure == nil
      }
    }
    if let failure { throw failure }
    return events.map(\.figures)
  }

  /// Runs a statement and gives all its rows.
  ///
  /// - Throws: as for rows that are received one after the other.
  public func table(
    of statement: SQLStatement, techniques: ScanTechniques = .all,
    context: ExecutionContext = ExecutionContext()
  ) throws(StoreError) -> ResultTable {
    let budget = try newBudget(context)
    return try table(of: statement, over: eventsTables(of: statement, techniques, budget), budget)
  }

  /// Runs statements that see the same state of the store, and calls `body` with the number, the
  /// rows and the figures of the scans of each, in order.
  ///
  /// Their scans read each segment once for all of them, as far as they need all of it, and hold
  /// together no more than one statement may.
  ///
  /// - Throws: as for one statement, and what `body` throws, which ends it.
  public func run(
    _ statements: [SQLStatement], context: ExecutionContext = ExecutionContext(),
    _ body: (Int, ResultTable, [ScanFigures]) throws -> Void
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
          // It needs more than the scans of the others leave; they are given up, to be made anew.
          for others in tables { for table in others { table.dropBegunScan() } }
          let budget = try newBudget(context)
          events = eventsTables(of: statement, .all, budget)
          result = try table(of: statement, over: events, budget)
        }
        try body(index, result, events.map(\.figures))
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

  /// Rows that are given at a time, and the bytes from which on fewer are.
  private static let batchRowCount = 500
  private static let batchByteCount = 1 << 20

  /// Steps through the rows of a statement and calls `receive` with some at a time, until it gives false.
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

  /// Bytes that a row takes in a table, about.
  static func byteCount(of row: [Value]) -> Int { row.reduce(40) { $0 + $1.byteCount } }

  /// Runs a statement and calls `body` with each row, without keeping any.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends it.
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

  /// The statement as SQLite runs it over this store's tables, what it asks of a scan, and the plan
  /// that SQLite made for it.
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

  /// What a statement asked of a scan, and what became of it.
  public struct ScanReport {
    public let request: ScanRequest
    public let figures: ScanFigures
    /// What the statement does itself over the rows, and why.
    public let ownWork: [String]
    /// What the scan was on another machine, with the values of its parameters.
    public let remoteStatement: String?
  }

  /// What a statement asks of each scan of events, and what that read.
  ///
  /// Runs the statement; its rows are thrown away.
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
        request: scan.request, figures: table.figures,
        ownWork: statement.pushdown?.ownWork[scan.relation.name] ?? [],
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

  /// The names of values that are no fields of some event, because there are too many values before them; `nil`
  /// if unknown.
  public func fieldsBehindLimit() throws(StoreError) -> Set<String>? {
    guard remote == nil else { return nil }
    let statement = try connection.prepare(
      "SELECT name FROM main.fields WHERE occurs_behind_limit = 1")
    var names: Set<String> = []
    while try statement.step() { names.insert(statement.text(at: 0)) }
    return names
  }

  /// The time of the newest event, epoch milliseconds; `nil` when no event has a time.
  public func newestTimestamp() throws(StoreError) -> Int64? {
    if let remote { return try remote.newestTimestamp(connection.waiting.cancellation) }
    let statement = try connection.prepare("SELECT max(max_timestamp) FROM main.segments")
    return try statement.step() ? statement.optionalInteger(at: 0) : nil
  }

  /// The position of the newest event in the order of input; 0 without any.
  public func lastPosition() throws(StoreError) -> Int64 {
    if let remote { return try remote.lastPosition(connection.waiting.cancellation) }
    return try SegmentTable.lastPosition(connection)
  }

  /// How many events there are.
  private func eventCount() throws(StoreError) -> Int {
    if let remote { return remote.eventCount }
    let statement = try connection.prepare("SELECT sum(event_count) FROM main.segments")
    return try statement.step() ? Int(clamping: statement.integer(at: 0)) : 0
  }

  /// The statement's text and bindings over this store, and the scans of events that it reads.
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

  /// What a statement that is about to run may multiply to.
  ///
  /// It holds its own memory, unless some `memory` is given.
  private func newBudget(
    _ context: ExecutionContext, _ memory: QueryMemory? = nil
  ) throws(StoreError) -> QueryBudget {
    QueryBudget(eventCount: try eventCount(), context: context, memory: memory)
  }

  /// The relations of events that a statement reads.
  private func eventsTables(
    of statement: SQLStatement, _ techniques: ScanTechniques, _ budget: QueryBudget
  ) -> [EventsTable] {
    let scanner: any EventScanner =
      remote
      ?? SegmentScanner(
        techniques: techniques, budget: budget, connection: connection, segments: segmentList)
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

  /// Calls `body` with the prepared statement, while the events that it reads are there and its
  /// execution may be stopped.
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
  /// Whether less might be held elsewhere.
  fileprivate var isAboutMemory: Bool {
    switch self {
    case .memoryLimitExceeded, .limitReached(.resultBytes): true
    default: false
    }
  }
}

extension Value {
  /// Bytes that it takes in a table; texts of more than 15 bytes are apart.
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

  /// The value of a column; a NaN or infinity, which the language does not know, is missing.
  public func value(at index: Int) -> Value {
    switch type(at: index) {
    case .null: return .null
    case .integer: return .integer(integer(at: index))
    case .real:
      let number = real(at: index)
      return number.isFinite ? .real(number) : .null
    case .text: return .text(text(at: index))
    case .blob:
      // Digits are an integer beyond 64 bits, anything else is a map or a list.
      let text = text(at: index)
      let isWide = text.utf8.first.map { $0 == UInt8(ascii: "-") || $0 &- 0x30 < 10 } ?? false
      return isWide ? .wide(text) : .text(text)
    }
  }
}
