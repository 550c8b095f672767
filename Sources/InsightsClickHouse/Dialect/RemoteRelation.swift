internal import InsightsModel
internal import InsightsStore

/// A relation of the language as a table on the server, with the SQL of each field.
struct RemoteRelation {
  /// The name of the table.
  let name: String
  /// The column with the time of a row.
  let time: String
  /// The value that represents a missing time in that column; `nil` if it is NULL.
  let missingTime: Int64?
  /// The column that determines the input order.
  let position: String
  /// The columns of the table.
  let columns: [String]
  /// The SQL of each field, except discovered ones and attributes.
  let fields: [String: RemoteValue]
  private let hasDiscoveredFields: Bool

  static func named(_ name: String) -> RemoteRelation? {
    all.first { $0.name == name }
  }

  static let all = [events, invocations, errors]

  static let events: RemoteRelation = {
    var fields = EventsTable.columnsOfFields.mapValues { column in
      let type = EventsTable.table.columns.first { $0.name == column }?.type ?? ""
      return value(ofColumn: column, type, missingTime: ClickHouseSchema.missingTime)
    }
    // Unlike other texts, an empty message is not missing.
    fields["@message"] = RemoteValue("message", .text)
    fields["@position"] = RemoteValue("position", .integer)
    fields["@log"] = log
    // The form of `EventPointer`.
    func letters(_ column: String) -> String {
      "translate(leftPad(lower(hex(reinterpretAsUInt64(\(column)))), 16, '0'), '0123456789abcdef', 'abcdefghijklmnop')"
    }
    fields["@ptr"] = RemoteValue(
      "concat('e', \(letters("position")), \(letters("timestamp_ms")))", .text)
    return RemoteRelation(
      name: "events", time: "timestamp_ms", missingTime: ClickHouseSchema.missingTime,
      position: "position", columns: EventsTable.table.columns.map(\.name), fields: fields,
      hasDiscoveredFields: true)
  }()

  static let invocations = facts(.invocations, FactTables.invocations)
  static let errors = facts(.errors, FactTables.errors)

  private static func facts(_ facts: FactTable, _ table: ClickHouseTable) -> RemoteRelation {
    var fields: [String: RemoteValue] = [:]
    for column in facts.columns {
      let type = table.columns.first { $0.name == column.name }?.type ?? ""
      fields[column.name] = value(ofColumn: column.name, type, missingTime: nil)
    }
    // The upper bits are the order within the stream, as in a local store; the lower bits are part
    // of the hash.
    fields["id"] = RemoteValue(
      "toInt64(bitOr(bitShiftLeft(least(number, 8388607), 40), bitAnd(id, 1099511627775)))",
      .integer)
    fields["@timestamp"] = fields[facts.time]
    fields["@requestId"] = fields["request_id"]
    fields["@logStream"] = fields["log_stream"]
    fields["@logGroup"] = fields["log_group"]
    fields["@log"] = log
    return RemoteRelation(
      name: facts.name, time: facts.time, missingTime: nil, position: "number",
      columns: table.columns.map(\.name), fields: fields, hasDiscoveredFields: false)
  }

  /// The account of a group; zeros if it is unknown.
  static let account = "if(account = '', '\(AccountNumber.unknown)', account)"

  /// `account:group`, as CloudWatch shows it; missing without a group.
  private static let log = RemoteValue(
    "if(log_group = '', NULL, concat(\(account), ':', log_group))", .text)

  private static func value(
    ofColumn name: String, _ type: String, missingTime: Int64?
  ) -> RemoteValue {
    if type.contains("String") {
      return type.contains("Nullable")
        ? RemoteValue("CAST(\(name), 'Nullable(String)')", .text)
        : RemoteValue(
          "nullIf(\(name), '')", .text, stored: RemoteValue.Stored(column: name, missing: "''"))
    }
    if type.contains("Float") { return RemoteValue(name, .real) }
    if !type.contains("Nullable"), let missingTime {
      let missing = "toInt64('\(missingTime)')"
      return RemoteValue(
        "nullIf(\(name), \(missing))", .integer,
        stored: RemoteValue.Stored(column: name, missing: missing))
    }
    return RemoteValue(name, .integer)
  }

  /// Returns the value of a field by its name in the language.
  func value(ofField name: String, _ expressions: RemoteExpressions) throws(Refusal) -> RemoteValue
  {
    if let known = fields[name] { return known }
    guard hasDiscoveredFields else { return RemoteValue("CAST(NULL, 'Nullable(String)')", .text) }
    if name.hasPrefix("@"), !name.hasPrefix("@@") {
      return RemoteValue(
        "nullIf(JSONExtractString(attributes, \(expressions.parameter(name))), '')", .text)
    }
    // Only an expression over the table itself reads a single key.
    let value = try expressions.named("fields[\(expressions.parameter(name))]", evenIfShort: true)
    return RemoteValue(
      "nullIf(\(value), '')", .tagged, stored: RemoteValue.Stored(column: value, missing: "''"))
  }
}
