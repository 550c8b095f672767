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
      + SystemField.exported.map { ($0.column, $0.valueType == .timestamp ? "INTEGER" : "TEXT") },
    primaryKey: ["id"])

  /// The tables of facts.
  static let derived = [
    PlainTable(.invocations), PlainTable(.errors),
    PlainTable(
      name: "frames",
      columns: [("error_id", "INTEGER"), ("position", "INTEGER")]
        + FactTable.frameColumns.map { ($0.name, $0.kind.rawValue) },
      primaryKey: ["error_id", "position"], time: FactTable.errors.time, belongsToErrors: true),
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

  private init(_ table: FactTable) {
    self.init(
      name: table.name,
      columns: [("id", "INTEGER")] + table.columns.map { ($0.name, $0.kind.rawValue) },
      primaryKey: ["id"], time: table.time)
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
