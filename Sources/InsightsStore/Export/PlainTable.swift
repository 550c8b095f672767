internal import InsightsModel

/// A table of an exported database; any SQLite tool can read it.
struct PlainTable {
  var name: String
  /// Names and types of the columns.
  var columns: [(name: String, type: String)]
  var primaryKey: [String]
  /// The column to which a time range applies.
  private var time: String
  /// Whether `time` and `log_group` are those of the error that a row belongs to.
  private var belongsToErrors: Bool

  static let events = PlainTable(
    name: "log_events",
    columns: [("id", "INTEGER")]
      + ExportedField.allCases.map { ($0.column, $0.isTime ? "INTEGER" : "TEXT") },
    primaryKey: ["id"])

  /// What was derived from events; the columns are those that `Schema` promises.
  static let derived = [
    PlainTable(
      name: "invocations",
      columns: [
        ("id", "INTEGER"), ("request_id", "TEXT"), ("log_group", "TEXT"), ("log_stream", "TEXT"),
        ("attempt", "INTEGER"), ("version", "TEXT"), ("start_ms", "INTEGER"),
        ("end_ms", "INTEGER"), ("duration_ms", "REAL"), ("billed_ms", "INTEGER"),
        ("memory_mb", "INTEGER"), ("max_memory_mb", "INTEGER"), ("init_ms", "REAL"),
        ("restore_ms", "REAL"), ("billed_restore_ms", "INTEGER"), ("status", "TEXT"),
        ("error_type", "TEXT"), ("cold_start", "INTEGER"), ("timed_out", "INTEGER"),
        ("oom", "INTEGER"), ("xray_trace_id", "TEXT"),
      ], primaryKey: ["id"], time: "start_ms"),
    PlainTable(
      name: "errors",
      columns: [
        ("id", "INTEGER"), ("timestamp_ms", "INTEGER"), ("log_group", "TEXT"),
        ("log_stream", "TEXT"), ("request_id", "TEXT"), ("kind", "TEXT"), ("runtime", "TEXT"),
        ("type", "TEXT"), ("message", "TEXT"), ("top_frame", "TEXT"), ("fingerprint", "TEXT"),
        ("http_status", "INTEGER"), ("gateway_request_id", "TEXT"), ("traceback", "TEXT"),
      ], primaryKey: ["id"], time: "timestamp_ms"),
    PlainTable(
      name: "frames",
      columns: [
        ("error_id", "INTEGER"), ("position", "INTEGER"), ("file", "TEXT"), ("line", "INTEGER"),
        ("function", "TEXT"), ("code", "TEXT"),
      ], primaryKey: ["error_id", "position"],
      time: "timestamp_ms", belongsToErrors: true),
  ]

  static let all = [events] + derived

  private init(
    name: String, columns: [(name: String, type: String)], primaryKey: [String],
    time: String = "", belongsToErrors: Bool = false
  ) {
    self.name = name
    self.columns = columns
    self.primaryKey = primaryKey
    self.time = time
    self.belongsToErrors = belongsToErrors
  }

  var definition: String {
    let columns = columns.map { "\($0.name) \($0.type)" }.joined(separator: ", ")
    return "CREATE TABLE \(name) (\(columns), PRIMARY KEY (\(primaryKey.joined(separator: ", "))))"
  }

  /// A statement with a parameter for each column.
  var insertion: String {
    let parameters = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    return "INSERT INTO \(name) VALUES (\(parameters))"
  }

  /// Returns the query for the rows of the store's table in the range and the log groups.
  func selection(
    timeRange: TimeRange, logGroups: [String]
  ) -> (text: String, bindings: [Value]) {
    var bindings: [Value] = []
    func parameter(_ value: Value) -> String {
      bindings.append(value)
      return "?\(bindings.count)"
    }
    var conditions: [String] = []
    if let start = timeRange.start { conditions.append("\(time) >= \(parameter(.integer(start)))") }
    if let end = timeRange.end { conditions.append("\(time) < \(parameter(.integer(end)))") }
    if !logGroups.isEmpty {
      let globs = logGroups.map { "log_group GLOB \(parameter(.text($0)))" }
      conditions.append("(\(globs.joined(separator: " OR ")))")
    }
    let names = columns.map(\.name).joined(separator: ", ")
    var text = "SELECT \(names) FROM main.\(name)"
    if !conditions.isEmpty {
      let condition = conditions.joined(separator: " AND ")
      text +=
        belongsToErrors
        ? " WHERE error_id IN (SELECT id FROM main.errors WHERE \(condition))"
        : " WHERE \(condition)"
    }
    return (text, bindings)
  }
}
