public import InsightsSQLite
public import InsightsModel

extension Store {
  /// Calls `body` with each event of the range and the log groups, in input order.
  ///
  /// The columns of the row are `SystemField.exported`. Memory does not grow with the number of
  /// events. The log group must match one of the globs in `logGroups`, if there are any.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends the iteration.
  public func forEachEvent(
    timeRange: TimeRange, logGroups: [String], context: ExecutionContext = ExecutionContext(),
    _ body: (Statement) throws -> Void
  ) throws {
    let relation = SQLRelation(
      name: EventsTable.content,
      columns: SystemField.exported.map { .init(field: $0.rawValue, name: $0.column) })
    let columns = SystemField.exported.map(\.column.quotedIdentifier).joined(separator: ", ")
    let text = "SELECT \(columns) FROM \(relation.name.quotedIdentifier)"
    let request = ScanRequest(timeRange: timeRange, logGroups: logGroups)
    try forEachRow(
      of: SQLStatement(
        text: text, bindings: [], columns: [], relations: [relation],
        pushdown: SQLPushdown(
          text: text, bindings: [], relations: [relation],
          requests: [relation.name: request])),
      context: context, body)
  }

  /// Copies the events, and the records derived from them, to plain tables of another database:
  /// `log_events`, `invocations`, `errors` and `frames`.
  ///
  /// On failure nothing is left in the database, which must not have these tables before.
  ///
  /// - Throws: `StoreError`, with `path` if that database cannot be opened.
  public func export(
    toDatabaseAt path: String, timeRange: TimeRange, logGroups: [String],
    context: ExecutionContext = ExecutionContext()
  ) throws {
    try provideFacts(of: FactSelection(timeRange: timeRange, logGroups: logGroups))
    let target = try Connection(path: path, mode: .readWrite)
    // The file is new, so what a system crash leaves of it is useless in any case.
    try target.execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
    try target.transaction {
      for table in PlainTable.all { try target.execute(table.definition) }
      let insertion = try target.prepare(PlainTable.events.insertion)
      try forEachEvent(timeRange: timeRange, logGroups: logGroups, context: context) { event in
        // The first column is the number of the event.
        try insertion.insert(event, from: 2)
      }
      for table in PlainTable.derived {
        let insertion = try target.prepare(table.insertion)
        let (text, bindings) = table.selection(timeRange: timeRange, logGroups: logGroups)
        let rows = try connection.prepare(text)
        for (index, value) in bindings.enumerated() { rows.bind(value, at: index + 1) }
        while try rows.step() { try insertion.insert(rows, from: 1) }
      }
    }
  }
}

extension Statement {
  /// Runs the statement with the columns of another statement's row as its parameters, starting at
  /// `first`.
  fileprivate func insert(_ row: Statement, from first: Int) throws(StoreError) {
    for index in 0..<row.columnCount {
      let parameter = first + index
      switch row.type(at: index) {
      case .null: bind(nil as Int64?, at: parameter)
      case .integer: bind(row.integer(at: index), at: parameter)
      case .real: bind(row.real(at: index), at: parameter)
      case .text: bind(unownedText: row.bytes(at: index), at: parameter)
      case .blob: bind(unownedBlob: row.blob(at: index), at: parameter)
      }
    }
    try run()
  }
}
