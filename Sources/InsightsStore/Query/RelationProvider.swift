internal import InsightsModel

/// Provides the relations that statements read, from the tables of a store: the one place that knows
/// how raw events are kept.
///
/// A relation becomes a common table expression in front of the statement, with just the columns
/// that the statement asks for:
///
/// ```sql
/// WITH "events"("@timestamp", "level") AS NOT MATERIALIZED (
///   SELECT e.timestamp, ql_field(e.message, e.json_offset, ?3) FROM main.log_events AS e)
/// ```
struct RelationProvider {
  /// The values of the parameters, those of the statement first.
  private(set) var bindings: [Value]

  init(bindings: [Value]) {
    self.bindings = bindings
  }

  /// The text of a statement with its relations in front.
  mutating func text(of statement: SQLStatement) -> String {
    var seen: Set<String> = []
    let expressions = statement.relations.filter { seen.insert($0.name).inserted }
      .map { expression(for: $0) }
    guard !expressions.isEmpty else { return statement.text }
    // A statement of several steps has a WITH clause itself.
    let clause = "WITH "
    let rest =
      statement.text.hasPrefix(clause)
      ? ",\n" + statement.text.dropFirst(clause.count) : "\n" + statement.text
    return clause + expressions.joined(separator: ",\n") + rest
  }

  private mutating func expression(for relation: SQLRelation) -> String {
    // A statement that only counts rows asks for no column.
    let names = relation.columns.isEmpty ? ["row"] : relation.columns.map(\.name)
    let head = "\(quoted(relation.name))(\(names.map(quoted).joined(separator: ", ")))"
    if let select = relation.lookupSelect { return "\(head) AS (\n  \(select))" }
    let known: [String: String]
    let table: String
    switch relation.name {
    case "invocations": (known, table) = (Self.invocationColumns, "main.invocations")
    case "errors": (known, table) = (Self.errorColumns, "main.errors")
    default: (known, table) = (Self.eventColumns, "main.log_events")
    }
    var columns: [String] = []
    for column in relation.columns {
      if let sql = known[column.field] {
        columns.append(sql)
      } else if column.field.hasPrefix("@") && !column.field.hasPrefix("@@") {
        // A system field of CloudWatch that local logs do not carry.
        columns.append("NULL")
      } else {
        columns.append(
          "ql_field(r.message, r.json_offset, ?\(parameter(for: .text(column.field))))")
      }
    }
    let values = columns.isEmpty ? ["1"] : columns
    var from = "\(table) AS r"
    if relation.columns.contains(where: { Self.streamFields.contains($0.field) }) {
      from += """

          JOIN main.log_streams AS s ON s.id = r.log_stream_id
          JOIN main.log_groups AS g ON g.id = s.log_group_id
        """
    }
    return """
      \(head) AS NOT MATERIALIZED (
        SELECT \(values.joined(separator: ", "))
        FROM \(from))
      """
  }

  /// The number of the parameter that carries a value.
  private mutating func parameter(for value: Value) -> Int {
    if let index = bindings.firstIndex(of: value) { return index + 1 }
    bindings.append(value)
    return bindings.count
  }

  /// The fields that are kept with the stream or its group.
  private static let streamFields: Set = ["@logStream", "@logGroup", "@log"]

  /// `account:group`, as CloudWatch shows it; missing without a group.
  private static let log = "ifnull(g.account, '000000000000') || ':' || g.name"

  private static let eventColumns = [
    "@timestamp": "r.timestamp",
    "@message": "r.message",
    "@ingestionTime": "r.ingestion_time",
    "@logStream": "s.name",
    "@logGroup": "g.name",
    "@log": log,
    "@type": "r.type",
    "@requestId": "r.request_id",
    "@duration": "r.duration",
    "@billedDuration": "r.billed_duration",
    "@memorySize": "r.memory_size",
    "@maxMemoryUsed": "r.max_memory_used",
    "@initDuration": "r.init_duration",
    "@xrayTraceId": "r.xray_trace_id",
    "@xraySegmentId": "r.xray_segment_id",
    "@ptr": "CAST(r.id AS TEXT)",
    "@eventId": "r.event_id",
    "@position": "r.id",
  ]

  private static let invocationColumns = columns(
    [
      "id", "request_id", "log_group", "log_stream", "attempt", "version", "start_ms", "end_ms",
      "duration_ms", "billed_ms", "memory_mb", "max_memory_mb", "init_ms", "restore_ms",
      "billed_restore_ms", "status", "error_type", "cold_start", "timed_out", "oom",
      "xray_trace_id",
    ], time: "start_ms")

  private static let errorColumns = columns(
    [
      "id", "timestamp_ms", "log_group", "log_stream", "request_id", "kind", "runtime", "type",
      "message", "top_frame", "fingerprint", "http_status", "gateway_request_id", "traceback",
    ], time: "timestamp_ms")

  private static func columns(_ names: [String], time: String) -> [String: String] {
    var columns = Dictionary(uniqueKeysWithValues: names.map { ($0, "r.\($0)") })
    columns["@timestamp"] = "r.\(time)"
    columns["@requestId"] = "r.request_id"
    columns["@logStream"] = "r.log_stream"
    columns["@logGroup"] = "r.log_group"
    columns["@log"] = log
    return columns
  }
}
