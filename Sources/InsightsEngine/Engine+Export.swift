internal import InsightsModel
public import InsightsOutput
public import InsightsQuery
internal import InsightsSQLite
internal import InsightsStore

extension Engine {
  /// Calls `body` with each event of the range and the log groups, in input order.
  ///
  /// The fields of a record are `SystemField.exported`, valid during the call; the number of records is
  /// unlimited.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends the iteration.
  public func forEachEvent(
    options: Binder.Options, _ body: ([RecordField]) throws -> Void
  ) throws {
    let areTimes = SystemField.exported.map { $0.valueType == .timestamp }
    var record: [RecordField] = []
    try store.forEachEvent(
      timeRange: options.timeRange, logGroups: options.logGroups, context: context
    ) { row in
      record.removeAll(keepingCapacity: true)
      for (index, isTime) in areTimes.enumerated() {
        if row.isNull(at: index) {
          record.append(.missing)
        } else {
          record.append(isTime ? .time(row.integer(at: index)) : .text(row.bytes(at: index)))
        }
      }
      try body(record)
    }
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
