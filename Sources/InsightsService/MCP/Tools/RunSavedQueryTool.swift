internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// Runs a saved query by its name.
enum RunSavedQueryTool: MCPTool {
  static let name = "run_saved_query"
  static let title = "Run a saved query"
  static let description = """
    Runs a saved query, such as 'lambda/errors' or 'lambda/slowest-requests', and gives its rows. \
    'list_saved_queries' has the names and the parameters.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .required("name", .string, "The name of the query, such as lambda/errors."),
      .optional(
        "parameters", .map(of: .string), "Values of its parameters by name, all as strings."),
      .optional("limit", .integer(1...10_000), "The most rows."),
    ] + JSONSchema.Member.timeRange + [.logGroupNames]

  static let output: [JSONSchema.Member] = [
    .required("name", .string), .required("query_string", .string, "What was run."),
    .required("row_count", .count, "How many rows there are; not all need be shown."),
    .required("rows", .list(.object([], isOpen: true)), "Missing values are left out."),
    .messages,
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let name = call.required("name")
    let pack = call.service.pack
    guard let query = pack.queries.first(where: { $0.name == name }) else {
      let similar = pack.namesSimilar(to: name)
      throw MCPToolError(
        "there is no saved query '\(name)'",
        help: similar.isEmpty
          ? ["list them with 'list_saved_queries'"] : ["did you mean \(similar)?"])
    }
    let parameters = try parameters(of: query, call)
    return try call.withEngine { try result(of: query, parameters, call, by: $0) }
  }

  private static func result(
    of query: SavedQuery, _ parameters: [String: String], _ call: MCPToolCall, by engine: Engine
  ) throws -> JSONObject {
    let options = try call.binderOptions()
    let source = try call.service.pack.expandingCalls(in: query.source(filling: parameters))
    let tables = try call.service.lookupTables(usedBy: source, of: engine)
    let answer = try engine.answer(
      QueryRequest(source, options: options, lookupTables: tables))
    var budget = MCPBudget()
    // Rows beyond the limit need not be written.
    var table = answer.table
    table.rows = Array(table.rows.prefix(MCPBudget.rowLimit + 1))
    let rows = budget.first(
      of: try MCPToolCall.rows(of: table), named: "rows", total: answer.table.rows.count,
      narrowing: "a shorter range of time, log groups, 'limit', or the query's parameters")
    let reasons =
      rows.isEmpty
      ? try call.reasonsForNothing(engine, options.timeRange, logGroups: options.logGroups) : []
    return [
      "name": .string(query.name),
      "query_string": .string(source[0..<source.bytes.count]),
      "row_count": .integer(answer.table.rows.count), "rows": .array(rows),
      "messages": .strings(
        // Saved queries cover more fields than the logs of one store have.
        answer.query.warnings.filter { $0.id != "absent-field" }.map(\.message)
          + reasons + budget.notes),
    ]
  }

  private static func parameters(
    of query: SavedQuery, _ call: MCPToolCall
  ) throws(MCPToolError) -> [String: String] {
    var parameters: [String: String] = [:]
    for member in call.arguments["parameters"]?.object?.members ?? [] {
      guard query.parameterNames.contains(member.name) else {
        throw MCPToolError(
          "unknown parameter '\(member.name)'",
          help: [
            query.parameterNames.isEmpty
              ? "the query has no parameters"
              : "parameters: \(query.parameterNames.joined(separator: ", "))"
          ])
      }
      parameters[member.name] = member.value.string
    }
    return parameters
  }
}
