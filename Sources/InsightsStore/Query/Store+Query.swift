public import InsightsModel

extension Store {
  /// Runs a statement and gives all its rows.
  ///
  /// - Throws: `StoreError.patternTooExpensive`, `.interrupted`, `.notAStore` for a damaged file.
  public func run(_ statement: SQLStatement) throws(StoreError) -> ResultTable {
    let prepared = try prepare(statement, prefix: "")
    var table = ResultTable(columns: statement.columns)
    while try prepared.step() {
      table.rows.append(statement.columns.indices.map { prepared.value(at: $0) })
    }
    return table
  }

  /// The statement as SQLite runs it over this store's tables, and the plan that SQLite made for it.
  public func explanation(of statement: SQLStatement) throws(StoreError) -> String {
    var provider = RelationProvider(bindings: statement.bindings)
    let text = provider.text(of: statement)
    let plan = try prepare(statement, prefix: "EXPLAIN QUERY PLAN ")
    var depths: [Int64: Int] = [0: -1]
    var lines: [String] = []
    while try plan.step() {
      let depth = (depths[plan.integer(at: 1)] ?? -1) + 1
      depths[plan.integer(at: 0)] = depth
      lines.append(String(repeating: "  ", count: depth) + plan.text(at: 3))
    }
    return text + "\n\n" + lines.joined(separator: "\n")
  }

  /// The names of the fields discovered in JSON messages.
  public func discoveredFields() throws(StoreError) -> Set<String> {
    let statement = try connection.prepare("SELECT name FROM main.fields")
    var names: Set<String> = []
    while try statement.step() { names.insert(statement.text(at: 0)) }
    return names
  }

  /// The time of the newest event, epoch milliseconds; `nil` when no event has a time.
  public func newestTimestamp() throws(StoreError) -> Int64? {
    let statement = try connection.prepare("SELECT max(timestamp) FROM main.log_events")
    return try statement.step() ? statement.optionalInteger(at: 0) : nil
  }

  private func prepare(_ statement: SQLStatement, prefix: String) throws(StoreError) -> Statement {
    var provider = RelationProvider(bindings: statement.bindings)
    let text = provider.text(of: statement)
    let prepared = try connection.prepare(prefix + text)
    for (index, value) in provider.bindings.enumerated() { prepared.bind(value, at: index + 1) }
    return prepared
  }
}

extension Statement {
  func bind(_ value: Value, at index: Int) {
    switch value {
    case .null: bind(nil as Int64?, at: index)
    case .integer(let number): bind(number, at: index)
    case .real(let number): bind(number, at: index)
    case .text(let text): bind(text, at: index)
    }
  }

  /// The value of a column; a NaN or infinity, which the language does not know, is missing.
  func value(at index: Int) -> Value {
    switch type(at: index) {
    case .null: return .null
    case .integer: return .integer(integer(at: index))
    case .real:
      let number = real(at: index)
      return number.isFinite ? .real(number) : .null
    case .text, .blob: return .text(text(at: index))
    }
  }
}
