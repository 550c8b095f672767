public import InsightsModel
public import InsightsQuery

extension Engine {
  /// The log groups: how many log streams and events each has, and when; the largest first.
  ///
  /// Events without a log group are a row without a name; streams without a name are not counted.
  ///
  /// - Throws: `StoreError`.
  public func logGroups(options: Binder.Options) throws -> ResultTable {
    let sink = TableSink()
    try logGroups(options: options, into: sink)
    return sink.table
  }

  /// The same row by row.
  ///
  /// - Throws: `StoreError`, and what the sink throws.
  public func logGroups(options: Binder.Options, into sink: any RowSink) throws {
    try listing(
      """
      stats count_distinct(@logStream) as streams, count(*) as events,
        min(@timestamp) as first, max(@timestamp) as last by @log
      | sort events desc, @log asc
      """, options: options, into: sink)
  }

  /// The log streams: how many events each has, and when; the one with the newest event first.
  ///
  /// - Throws: `StoreError`.
  public func logStreams(options: Binder.Options) throws -> ResultTable {
    let sink = TableSink()
    try logStreams(options: options, into: sink)
    return sink.table
  }

  /// The same row by row: there may be millions.
  ///
  /// - Throws: `StoreError`, and what the sink throws.
  public func logStreams(options: Binder.Options, into sink: any RowSink) throws {
    try listing(
      """
      stats count(*) as events, min(@timestamp) as first, max(@timestamp) as last
        by @log, @logStream
      | sort last desc, @log asc, @logStream asc
      """, options: options, into: sink)
  }

  private func listing(
    _ query: String, options: Binder.Options, into sink: any RowSink
  ) throws {
    let request = QueryRequest(SourceText(query, name: "listing"), options: options)
    try QueryExecution(request, context: context).run(by: self, into: ListingSink(sink))
  }
}

/// Hands on the rows of a query whose `first` and `last` are times; to the language, `min` gives a number.
private final class ListingSink: RowSink {
  private let sink: any RowSink

  init(_ sink: any RowSink) { self.sink = sink }

  var keepsRows: Bool { sink.keepsRows }

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws {
    var columns = columns
    for index in columns.indices where ["first", "last"].contains(columns[index].name) {
      columns[index].type = .timestamp
    }
    try sink.begin(columns, of: query)
  }

  func receive(_ rows: [[Value]]) throws { try sink.receive(rows) }

  func end(_ outcome: QueryOutcome) throws { try sink.end(outcome) }
}
