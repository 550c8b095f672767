internal import InsightsModel
internal import InsightsQuery
internal import InsightsSQL
internal import InsightsStore

/// What runs the plans of queries over the events that it holds: a database.
///
/// An engine knows a database only by this where it answers queries.
protocol QueryBackend {
  /// What is known of the fields and the log groups of the events.
  func catalog() throws(StoreError) -> StoreCatalog

  /// Makes a table known to the plans that are run from now on.
  func load(_ table: LookupTable) throws(StoreError)

  /// Runs a plan: calls `begin` with the columns of its rows, then `receive` with some rows at a time.
  ///
  /// `keepsRows`: whoever receives them keeps them, and they count as held to the end.
  ///
  /// - Returns: what its scans read, one each.
  /// - Throws: `StoreError`, and what `begin` and `receive` throw, which ends it.
  func execute(
    _ plan: Plan, techniques: ScanTechniques, context: ExecutionContext, keepsRows: Bool,
    begin: ([ResultColumn]) throws -> Void, receive: ([[Value]]) throws -> Void
  ) throws -> [ScanFigures]

  /// Runs plans over the same state of the events, and calls `body` with the number, the rows and
  /// the figures of the scans of each, in order.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends it.
  func execute(
    _ plans: [Plan], context: ExecutionContext,
    _ body: (Int, ResultTable, [ScanFigures]) throws -> Void
  ) throws

  /// All rows of a plan that gives few.
  func table(of plan: Plan, context: ExecutionContext) throws(StoreError) -> ResultTable

  /// How the plan is run, for people.
  func explanation(of plan: Plan) throws(StoreError) -> String

  /// Runs a plan and tells what its scans were asked and read, and what else there was to do.
  func scans(
    of plan: Plan, context: ExecutionContext
  ) throws(StoreError) -> (scans: [(request: ScanRequest, figures: ScanFigures)], rest: String)
}

/// Runs plans as SQL over a store, with scans of its segments.
struct SQLiteBackend: QueryBackend {
  let store: Store

  func catalog() throws(StoreError) -> StoreCatalog {
    StoreCatalog(
      discoveredFields: try store.discoveredFields(), logGroups: try store.logGroupNames(),
      accounts: try store.accounts())
  }

  func load(_ table: LookupTable) throws(StoreError) { try store.load(table) }

  func execute(
    _ plan: Plan, techniques: ScanTechniques, context: ExecutionContext, keepsRows: Bool,
    begin: ([ResultColumn]) throws -> Void, receive: ([[Value]]) throws -> Void
  ) throws -> [ScanFigures] {
    let statement = plan.statement(techniques: techniques)
    try begin(statement.columns)
    return try store.run(
      statement, techniques: techniques, context: context, keepsRows: keepsRows, receive)
  }

  func execute(
    _ plans: [Plan], context: ExecutionContext,
    _ body: (Int, ResultTable, [ScanFigures]) throws -> Void
  ) throws {
    try store.run(plans.map { $0.statement() }, context: context, body)
  }

  func table(of plan: Plan, context: ExecutionContext) throws(StoreError) -> ResultTable {
    try store.table(of: plan.statement(), context: context)
  }

  func explanation(of plan: Plan) throws(StoreError) -> String {
    try store.explanation(of: plan.statement())
  }

  func scans(
    of plan: Plan, context: ExecutionContext
  ) throws(StoreError) -> (scans: [(request: ScanRequest, figures: ScanFigures)], rest: String) {
    let statement = plan.statement()
    return (
      try store.scans(of: statement, context: context),
      "SQLite\n" + (statement.pushdown?.text ?? statement.text)
    )
  }
}

extension Plan {
  /// The SQL that gives the plan's rows from a store.
  func statement(techniques: ScanTechniques = .all) -> SQLStatement {
    SQLGenerator.generate(self, scanning: Store.scanCapabilities, techniques: techniques)
  }
}
