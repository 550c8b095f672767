internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// Lists the fields of events.
enum DescribeFieldsTool: MCPTool {
  static let name = "describe_fields"
  static let title = "List the fields of events"
  static let description = """
    Lists the fields that queries can use: those that Lambda's own lines give (@requestId, @duration, \
    @maxMemoryUsed …) and those found in JSON messages, with how many events have each and an example \
    of a recent value. Write a field with other characters than letters, digits, '.', '_' and '@' in \
    backticks.
    """
  static let arguments: [JSONSchema.Member] =
    [.optional("name_contains", .string, "Only fields whose names contain this text.")]
    + JSONSchema.Member.timeRange + [.logGroupNames]

  static let output: [JSONSchema.Member] = [
    .required(
      "fields",
      .list(
        .object([
          .required("name", .string),
          .optional("events", .count, "How many events of the store have it."),
          .optional("example", .anything, "A value of one of the newest events in the range."),
        ])), "Those of Lambda's own lines, then those of JSON, the most frequent first."),
    .messages,
  ]

  /// The maximum number of fields with an example.
  private static let exampleLimit = 100
  /// The number of events that are searched for examples.
  private static let eventLimit = 200

  static func result(of call: MCPToolCall) throws -> JSONObject {
    try call.withEngine { try result(of: call, by: $0) }
  }

  private static func result(of call: MCPToolCall, by engine: Engine) throws -> JSONObject {
    let text = call.string("name_contains")?.lowercased() ?? ""
    var fields: [(name: String, events: Value)] = []
    for row in try engine.fields().rows {
      if case .text(let name) = row[0] { fields.append((name, row[1])) }
    }
    let system = Relation.events.columns.map(\.name).filter { name in
      !fields.contains { $0.name == name }
    }
    fields = system.map { (name: $0, events: Value.null) } + fields
    fields = fields.filter { text.isEmpty || $0.name.lowercased().contains(text) }
    let examples = try examples(of: fields.prefix(exampleLimit).map { $0.name }, engine, call)
    var budget = MCPBudget()
    let entries = fields.map { field in
      var entry: JSONObject = ["name": .string(field.name)]
      entry["events"] = field.events.integer.map { .integer($0) }
      entry["example"] = examples[field.name]
      return entry
    }
    let shown = budget.first(of: entries, named: "fields", narrowing: "'name_contains'")
    let reasons =
      fields.isEmpty
      ? ["no field has '\(text)' in its name; all are listed without 'name_contains'"] : []
    return ["fields": .array(shown), "messages": .strings(reasons + budget.notes)]
  }

  /// Returns the value of each field in the newest event that has it.
  private static func examples(
    of names: [String], _ engine: Engine, _ call: MCPToolCall
  ) throws -> [String: JSONValue] {
    // A name in backticks cannot contain a backtick.
    let names = names.filter { !$0.contains("`") }
    guard !names.isEmpty else { return [:] }
    let columns = names.map { "`\($0)`" }.joined(separator: ", ")
    let query = "fields \(columns) | sort @timestamp desc | limit \(eventLimit)"
    let answer = try engine.answer(SourceText(query), options: try call.binderOptions())
    var examples: [String: JSONValue] = [:]
    for row in try MCPToolCall.rows(of: answer.table) {
      for member in row.members where examples[member.name] == nil {
        examples[member.name] = shortened(member.value)
      }
    }
    return examples
  }

  private static func shortened(_ value: JSONValue) -> JSONValue {
    guard case .string(let text) = value, text.count > 120 else { return value }
    return .string("\(text.prefix(120))…")
  }
}
