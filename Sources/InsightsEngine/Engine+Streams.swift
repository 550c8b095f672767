public import InsightsModel
public import InsightsQuery

extension Engine {
  /// Returns the log groups: the name, the number of log streams and events, and the times of the
  /// first and last event.
  ///
  /// The largest group comes first. Events without a log group form a row without a name. Streams
  /// without a name are not counted.
  ///
  /// - Throws: `StoreError`.
  public func logGroups(options: Binder.Options) throws -> ResultTable {
    let sink = TableSink()
    try logGroups(options: options, into: sink)
    return sink.table
  }

  /// Passes the same rows to a sink.
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

  /// Returns all log streams: the name, the number of events, the times of the first and last
  /// event, and when the last one was ingested, which is `null` if all came from files.
  ///
  /// - Throws: `StoreError`.
  public func logStreamsWithIngestion() throws -> ResultTable {
    let sink = TableSink()
    try listing(
      """
      stats count(*) as events, min(@timestamp) as first, max(@timestamp) as last,
        max(@ingestionTime) as ingested
        by @log, @logStream
      """, options: Binder.Options(rowLimit: .max), into: sink)
    return sink.table
  }

  /// Passes the log streams to a sink, since there may be millions: the name, the number of events,
  /// and the times of the first and last event.
  ///
  /// The stream with the newest event comes first.
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

/// Passes rows on, and converts `first` and `last` to times: in the language, `min` returns a
/// number.
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
