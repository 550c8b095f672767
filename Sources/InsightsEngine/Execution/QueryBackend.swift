internal import InsightsScan
internal import InsightsModel
internal import InsightsQuery
internal import InsightsSQL
internal import InsightsStore

/// A database that runs the plans of queries over its events.
///
/// The engine uses a database only through this protocol when it runs queries.
protocol QueryBackend {
  /// Returns the fields and the log groups of the events.
  func catalog() throws(StoreError) -> StoreCatalog

  /// Makes a lookup table available to later plans.
  func load(_ table: LookupTable) throws(StoreError)

  /// Runs a plan: calls `begin` with the columns of its rows, then `receive` with batches of rows.
  ///
  /// `keepsRows`: the receiver keeps the rows, so they count against the memory limit until the
  /// end.
  ///
  /// - Returns: the statistics of its scans, one each.
  /// - Throws: `StoreError`, and what `begin` and `receive` throw, which ends the run.
  func execute(
    _ plan: Plan, optimizations: ScanOptimizations, context: ExecutionContext, keepsRows: Bool,
    begin: ([ResultColumn]) throws -> Void, receive: ([[Value]]) throws -> Void
  ) throws -> [ScanStatistics]

  /// Runs plans over the same state of the events; calls `body` with the number, the rows and the
  /// scan statistics of each, in order.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends the run.
  func execute(
    _ plans: [Plan], context: ExecutionContext,
    _ body: (Int, ResultTable, [ScanStatistics]) throws -> Void
  ) throws

  /// Returns all rows of a plan with few rows.
  func table(of plan: Plan, context: ExecutionContext) throws(StoreError) -> ResultTable

  /// Returns a readable description of how the plan is run.
  func explanation(of plan: Plan) throws(StoreError) -> String

  /// Runs a plan; returns the requests and statistics of its scans, and a description of the
  /// remaining work.
  func scans(
    of plan: Plan, context: ExecutionContext
  ) throws(StoreError) -> (scans: [Store.ScanReport], rest: String)
}

/// Runs plans as SQL over a store, with scans of its segments.
struct SQLiteBackend: QueryBackend {
  let store: Store

  func catalog() throws(StoreError) -> StoreCatalog { try StoreCatalog(of: store) }

  func load(_ table: LookupTable) throws(StoreError) { try store.load(table) }

  func execute(
    _ plan: Plan, optimizations: ScanOptimizations, context: ExecutionContext, keepsRows: Bool,
    begin: ([ResultColumn]) throws -> Void, receive: ([[Value]]) throws -> Void
  ) throws -> [ScanStatistics] {
    let statement = plan.statement(for: store, optimizations: optimizations)
    try begin(statement.columns)
    return try store.run(
      statement, optimizations: optimizations, context: context, keepsRows: keepsRows, receive)
  }

  func execute(
    _ plans: [Plan], context: ExecutionContext,
    _ body: (Int, ResultTable, [ScanStatistics]) throws -> Void
  ) throws {
    try store.run(plans.map { $0.statement(for: store) }, context: context, body)
  }

  func table(of plan: Plan, context: ExecutionContext) throws(StoreError) -> ResultTable {
    try store.table(of: plan.statement(for: store), context: context)
  }

  func explanation(of plan: Plan) throws(StoreError) -> String {
    try store.explanation(of: plan.statement(for: store))
  }

  func scans(
    of plan: Plan, context: ExecutionContext
  ) throws(StoreError) -> (scans: [Store.ScanReport], rest: String) {
    let statement = plan.statement(for: store)
    return (
      try store.scans(of: statement, context: context),
      "SQLite\n" + (statement.pushdown?.text ?? statement.text)
    )
  }
}

extension Plan {
  /// Returns the SQL that computes the plan's rows.
  ///
  /// It is specific to `store`; without one it assumes a store with segments.
  func statement(for store: Store? = nil, optimizations: ScanOptimizations = .all) -> SQLStatement {
    SQLGenerator.generate(
      self, scanning: store?.scanCapabilities ?? Store.scanCapabilities,
      optimizations: optimizations)
  }
}
