public import InsightsModel

extension Store {
  /// What the store holds, as named figures in a fixed order.
  public func figures() throws(StoreError) -> [(name: String, value: Value)] {
    var figures: [(name: String, value: Value)] = []
    var initReports: InitReports?
    for (name, query) in Self.figureQueries {
      switch query {
      case .sql(let sql):
        let statement = try connection.prepare(sql)
        figures.append((name, try statement.step() ? statement.value(at: 0) : .null))
      case .initReports(let count):
        if initReports == nil { initReports = try InitReports(connection: connection) }
        figures.append((name, .integer(Int64(initReports?[keyPath: count] ?? 0))))
      }
    }
    return figures
  }

  /// The discovered fields and how many events have each, the most frequent first.
  public func fields() throws(StoreError) -> ResultTable {
    let statement = try connection.prepare(
      "SELECT name, event_count FROM main.fields WHERE event_count > 0 ORDER BY event_count DESC, name"
    )
    var table = ResultTable(columns: [
      ResultColumn(name: "field", type: .text), ResultColumn(name: "events", type: .number),
    ])
    while try statement.step() {
      table.rows.append([statement.value(at: 0), statement.value(at: 1)])
    }
    return table
  }

  private enum FigureQuery {
    case sql(String)
    case initReports(KeyPath<InitReports, Int>)
  }

  private static var figureQueries: [(name: String, query: FigureQuery)] {
    [
      ("events", .sql("SELECT ifnull(sum(event_count), 0) FROM main.segments")),
      ("first_event_ms", .sql("SELECT min(min_timestamp) FROM main.segments")),
      ("last_event_ms", .sql("SELECT max(max_timestamp) FROM main.segments")),
      ("sources", .sql("SELECT count(*) FROM main.sources")),
      ("log_groups", .sql("SELECT count(name) FROM main.log_groups")),
      ("log_streams", .sql("SELECT count(name) FROM main.log_streams")),
      ("fields", .sql("SELECT count(*) FROM main.fields WHERE event_count > 0")),
      ("invocations", .sql("SELECT count(*) FROM main.invocations")),
      ("errors", .sql("SELECT count(*) FROM main.errors")),
      ("cold_starts", .sql("SELECT count(*) FROM main.invocations WHERE cold_start = 1")),
      ("timeouts", .sql("SELECT count(*) FROM main.invocations WHERE timed_out = 1")),
      ("oom", .sql("SELECT count(*) FROM main.invocations WHERE oom = 1")),
      (
        "oom_suspects",
        .sql(
          """
          SELECT count(*) FROM main.invocations
          WHERE oom = 0 AND max_memory_mb >= memory_mb
            -- The runtime emulator, whose Init Duration is no cold start, prints the size as used.
            AND (init_ms IS NULL OR cold_start = 1)
          """)
      ),
      ("init_failures", .initReports(\.failureCount)),
      ("suppressed_inits", .initReports(\.suppressedCount)),
      (
        "throttles",
        .sql(
          """
          SELECT count(*) FROM main.errors
          WHERE type IN ('TooManyRequestsException', 'ThrottlingException', 'Rate Exceeded.')
            OR message GLOB '*TooManyRequestsException*' OR message GLOB '*Rate Exceeded*'
            OR message GLOB '*ConcurrentInvocationLimitExceeded*'
            OR traceback GLOB '*TooManyRequestsException*'
          """)
      ),
    ]
  }
}
