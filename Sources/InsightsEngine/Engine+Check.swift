internal import InsightsModel
public import InsightsQuery
internal import InsightsSQL
internal import InsightsStore

extension Engine {
  /// Compiles a query with the store's knowledge of its events.
  ///
  /// - Throws: `QueryError`.
  public func compile(
    _ source: SourceText, options: Binder.Options
  ) throws(QueryError) -> CompiledQuery {
    try CompiledQuery(source, options: options, catalog: catalog)
  }

  /// Returns the traps (lint rules) that match a query, with the store's knowledge of its events.
  ///
  /// `explainingNoRows`: only those that may explain an empty result.
  public func traps(
    of query: CompiledQuery, explainingNoRows: Bool = false
  ) -> [Diagnostic] {
    Trap.warnings(
      in: query.syntax, of: query.source, catalog: catalog, explainingNoRows: explainingNoRows)
  }

  /// Returns the total size in bytes of the messages that a query reads.
  ///
  /// - Throws: `StoreError`.
  public func scannedBytes(of query: CompiledQuery) throws -> Int64 {
    let bytes = PlanColumn("bytes", .number)
    let plan = Plan.project(query.plan.scannedBytes(as: bytes), [bytes])
    return try number(of: plan)
  }
}
