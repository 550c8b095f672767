package import InsightsModel
internal import InsightsQuery
internal import InsightsSQL
package import InsightsSQLite
internal import InsightsStore

/// The program's own queries, written in the query language.
///
/// They have no row limit, and the observer of the engine is not called.
extension Engine {
  /// An internal query does not compile: a bug in `insights`, never the user's error.
  public struct InternalQueryError: Error {
    /// The text of the query.
    public let query: String
    /// Its errors, joined by semicolons.
    public let message: String
  }

  /// Calls `body` with each row of a query, in order.
  ///
  /// The statement is at the row, so that values can be read without a copy; it is valid only
  /// during the call. `logGroups` are globs; empty for all.
  ///
  /// - Throws: `InternalQueryError`, `StoreError`, and what `body` throws, which ends the query.
  package func forEachRow(
    of query: String, in timeRange: TimeRange = .everything, logGroups: [String] = [],
    _ body: (Statement) throws -> Void
  ) throws {
    try store.forEachRow(
      of: compiled(query, in: timeRange, logGroups: logGroups), context: context, body)
  }

  /// Returns all rows of a query with few rows, in order.
  ///
  /// - Throws: `InternalQueryError`, `StoreError`.
  package func rows(
    of query: String, in timeRange: TimeRange = .everything, logGroups: [String] = []
  ) throws -> [ResultRow] {
    ResultRow.rows(
      of: try store.table(
        of: compiled(query, in: timeRange, logGroups: logGroups), context: context))
  }

  private func compiled(
    _ query: String, in timeRange: TimeRange, logGroups: [String]
  ) throws -> SQLStatement {
    let options = Binder.Options(timeRange: timeRange, logGroups: logGroups, rowLimit: .max)
    do {
      return try compile(SourceText(query, name: "internal"), options: options).plan.statement(
        for: store)
    } catch {
      throw InternalQueryError(
        query: query, message: error.diagnostics.map(\.message).joined(separator: "; "))
    }
  }
}
