public import InsightsModel
public import InsightsQuery

extension Engine {
  /// The log groups: how many log streams and events each has, and when; the largest first.
  ///
  /// Events without a log group are a row without a name; streams without a name are not counted.
  ///
  /// - Throws: `StoreError`.
  public func logGroups(options: Binder.Options) throws -> ResultTable {
    try listing(
      """
      stats count_distinct(@logStream) as streams, count(*) as events,
        min(@timestamp) as first, max(@timestamp) as last by @log
      | sort events desc, @log asc
      """, options: options)
  }

  /// The log streams: how many events each has, and when; the one with the newest event first.
  ///
  /// - Throws: `StoreError`.
  public func logStreams(options: Binder.Options) throws -> ResultTable {
    try listing(
      """
      stats count(*) as events, min(@timestamp) as first, max(@timestamp) as last
        by @log, @logStream
      | sort last desc, @log asc, @logStream asc
      """, options: options)
  }

  /// The rows of a query whose `first` and `last` are times; to the language, `min` gives a number.
  private func listing(_ query: String, options: Binder.Options) throws -> ResultTable {
    var table = try answer(SourceText(query, name: "listing"), options: options).table
    for index in table.columns.indices where ["first", "last"].contains(table.columns[index].name) {
      table.columns[index].type = .timestamp
    }
    return table
  }
}
