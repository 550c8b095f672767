public import InsightsModel

extension Store {
  /// What the store holds, as named figures in a fixed order.
  public func figures() throws(StoreError) -> [(name: String, value: Value)] {
    var figures: [(name: String, value: Value)] = []
    for (name, sql) in Self.figureQueries {
      let statement = try connection.prepare(sql)
      figures.append((name, try statement.step() ? statement.value(at: 0) : .null))
    }
    return figures
  }

  /// The discovered fields and how many events have each, the most frequent first.
  public func fields() throws(StoreError) -> ResultTable {
    let statement = try connection.prepare(
      "SELECT name, event_count FROM main.fields ORDER BY event_count DESC, name")
    var table = ResultTable(columns: [
      ResultColumn(name: "field", type: .text), ResultColumn(name: "events", type: .number),
    ])
    while try statement.step() {
      table.rows.append([statement.value(at: 0), statement.value(at: 1)])
    }
    return table
  }

  /// The result of an init or restore, as text or as JSON, is a line of its own.
  private static let initReports = """
    FROM main.log_events WHERE is_fact = 1 AND (message GLOB 'INIT_REPORT *'
      OR message GLOB 'RESTORE_REPORT *' OR message GLOB '{*"platform.initReport"*'
      OR message GLOB '{*"platform.restoreReport"*')
    """

  private static let figureQueries = [
    ("events", "SELECT count(*) FROM main.log_events"),
    ("first_event_ms", "SELECT min(timestamp) FROM main.log_events"),
    ("last_event_ms", "SELECT max(timestamp) FROM main.log_events"),
    ("sources", "SELECT count(*) FROM main.sources"),
    ("log_groups", "SELECT count(name) FROM main.log_groups"),
    ("log_streams", "SELECT count(name) FROM main.log_streams"),
    ("fields", "SELECT count(*) FROM main.fields"),
    ("invocations", "SELECT count(*) FROM main.invocations"),
    ("errors", "SELECT count(*) FROM main.errors"),
    ("cold_starts", "SELECT count(*) FROM main.invocations WHERE cold_start = 1"),
    ("timeouts", "SELECT count(*) FROM main.invocations WHERE timed_out = 1"),
    ("oom", "SELECT count(*) FROM main.invocations WHERE oom = 1"),
    (
      "oom_suspects",
      """
      SELECT count(*) FROM main.invocations
      WHERE oom = 0 AND max_memory_mb >= memory_mb
        -- The runtime emulator, whose Init Duration is no cold start, prints the size as used.
        AND (init_ms IS NULL OR cold_start = 1)
      """
    ),
    (
      "init_failures",
      """
      SELECT count(*) \(initReports) AND (message GLOB '*Status: error*'
        OR message GLOB '*Status: timeout*' OR message GLOB '*"status":"error"*'
        OR message GLOB '*"status":"failure"*' OR message GLOB '*"status":"timeout"*')
      """
    ),
    (
      "suppressed_inits",
      """
      SELECT count(*) \(initReports) AND (message GLOB '*Phase: invoke*'
        OR message GLOB '*"phase":"invoke"*')
      """
    ),
    (
      "throttles",
      """
      SELECT count(*) FROM main.errors
      WHERE type IN ('TooManyRequestsException', 'ThrottlingException', 'Rate Exceeded.')
        OR message GLOB '*TooManyRequestsException*' OR message GLOB '*Rate Exceeded*'
        OR message GLOB '*ConcurrentInvocationLimitExceeded*'
        OR traceback GLOB '*TooManyRequestsException*'
      """
    ),
  ]
}
