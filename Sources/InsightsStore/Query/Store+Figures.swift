internal import InsightsSQLite
public import InsightsModel

extension Store {
  /// Returns the contents of the store as named statistics in a fixed order.
  public func figures() throws(StoreError) -> [(name: String, value: Value)] {
    if let remote { return try remote.facts.figures(connection.waiting.cancellation) }
    var figures: [(name: String, value: Value)] = []
    for (name, sql) in Self.figureQueries {
      let statement = try connection.prepare("SELECT \(sql)")
      figures.append((name, try statement.step() ? statement.value(at: 0) : .null))
    }
    return figures
  }

  /// Returns the discovered fields with the number of events that have each, most frequent first.
  public func fields() throws(StoreError) -> ResultTable {
    var table = ResultTable(columns: [
      ResultColumn(name: "field", type: .text), ResultColumn(name: "events", type: .number),
    ])
    if let remote {
      table.rows = try remote.facts.fields(connection.waiting.cancellation).map {
        [.text($0.name), .integer($0.eventCount)]
      }
      return table
    }
    let statement = try connection.prepare(
      "SELECT name, event_count FROM main.fields WHERE event_count > 0 ORDER BY event_count DESC, name"
    )
    while try statement.step() {
      table.rows.append([statement.value(at: 0), statement.value(at: 1)])
    }
    return table
  }

  /// SQL expressions; none reads the rows of invocations, errors or events.
  private static let figureQueries = [
    ("events", "ifnull(sum(event_count), 0) FROM main.segments"),
    ("first_event_ms", "min(min_timestamp) FROM main.segments"),
    ("last_event_ms", "max(max_timestamp) FROM main.segments"),
    ("sources", "count(*) FROM main.sources"),
    ("log_groups", "count(name) FROM main.log_groups"),
    ("log_streams", "count(name) FROM main.log_streams"),
    ("fields", "count(*) FROM main.fields WHERE event_count > 0"),
    ("invocations", "invocations FROM main.fact_counts"),
    ("errors", "errors FROM main.fact_counts"),
    ("cold_starts", "cold_starts FROM main.fact_counts"),
    ("timeouts", "timeouts FROM main.fact_counts"),
    ("oom", "oom FROM main.fact_counts"),
    ("oom_suspects", "oom_suspects FROM main.fact_counts"),
    ("init_failures", "ifnull(sum(init_failures), 0) FROM main.segments"),
    ("suppressed_inits", "ifnull(sum(suppressed_inits), 0) FROM main.segments"),
    ("throttles", "throttles FROM main.fact_counts"),
  ]
}
