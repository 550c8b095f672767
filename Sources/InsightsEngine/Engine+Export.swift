public import InsightsQuery
public import InsightsStore

extension Engine {
  /// Calls `body` with each event of the range and the log groups, in the order of input.
  ///
  /// The columns of the row are `ExportedField.allCases`; there is no limit to the number of rows.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends it.
  public func forEachEvent(
    options: Binder.Options, _ body: (Statement) throws -> Void
  ) throws {
    try store.forEachEvent(
      timeRange: options.timeRange, logGroups: options.logGroups, context: context, body)
  }

  /// Copies events, invocations, errors and frames to plain tables of an empty database.
  ///
  /// - Throws: `StoreError`, whose path is `path` where that cannot be opened.
  public func export(toDatabaseAt path: String, options: Binder.Options) throws {
    try store.export(
      toDatabaseAt: path, timeRange: options.timeRange, logGroups: options.logGroups,
      context: context)
  }
}
