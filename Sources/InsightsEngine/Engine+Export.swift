public import InsightsQuery
public import InsightsStore

extension Engine {
  /// Calls `body` with each event of the range and the log groups, in input order.
  ///
  /// The columns of the row are `ExportedField.allCases`; the number of rows is unlimited.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends the iteration.
  public func forEachEvent(
    options: Binder.Options, _ body: (Statement) throws -> Void
  ) throws {
    try store.forEachEvent(
      timeRange: options.timeRange, logGroups: options.logGroups, context: context, body)
  }

  /// Copies events, invocations, errors and frames to plain tables of an empty database.
  ///
  /// - Throws: `StoreError`, with `path` if that database cannot be opened.
  public func export(toDatabaseAt path: String, options: Binder.Options) throws {
    try store.export(
      toDatabaseAt: path, timeRange: options.timeRange, logGroups: options.logGroups,
      context: context)
  }
}
