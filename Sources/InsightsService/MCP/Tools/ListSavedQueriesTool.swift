internal import InsightsEngine
internal import InsightsText

/// Lists the saved queries.
enum ListSavedQueriesTool: MCPTool {
  static let name = "list_saved_queries"
  static let title = "List the saved queries"
  static let description = """
    Lists the saved queries with their parameters: errors, timeouts, cold starts, memory, cost, gateway \
    failures and more, ready to run with 'run_saved_query'.
    """
  static let arguments: [JSONSchema.Member] = [
    .optional("name_prefix", .string, "Only those whose names begin so, such as 'lambda/'."),
    .optional("include_text", .boolean.standard(false), "Whether to show the text of each query."),
  ]

  static let output: [JSONSchema.Member] = [
    .required(
      "queries",
      .list(
        .object([
          .required("name", .string), .optional("title", .string),
          .optional("description", .string),
          .required(
            "parameters",
            .list(
              .object([
                .required("name", .string), .optional("type", .string),
                .optional("default", .string, "Without one a value has to be given."),
                .optional("description", .string),
              ]))),
          .optional("query_string", .string),
        ]))),
    .messages,
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let prefix = call.string("name_prefix") ?? ""
    let includesText = call.arguments["include_text"]?.bool ?? false
    let queries = call.service.pack.queries.filter { $0.name.hasPrefix(prefix) }.map { query in
      entry(query, includesText: includesText)
    }
    var budget = MCPBudget()
    let shown = budget.first(of: queries, named: "queries", narrowing: "'name_prefix'")
    return ["queries": .array(shown), "messages": .strings(budget.notes)]
  }

  private static func entry(_ query: SavedQuery, includesText: Bool) -> JSONObject {
    var entry: JSONObject = ["name": .string(query.name)]
    entry["title"] = query.title.map { .string($0) }
    entry["description"] = query.description.map { .string($0) }
    entry["parameters"] = .array(
      query.parameterNames.map { name in
        let declared = query.parameters.first { $0.name == name }
        var parameter: JSONObject = ["name": .string(name)]
        if let type = declared?.type, !type.isEmpty { parameter["type"] = .string(type) }
        parameter["default"] = declared?.defaultValue.map { .string($0) }
        if let text = declared?.description, !text.isEmpty {
          parameter["description"] = .string(text)
        }
        return .object(parameter)
      })
    if includesText { entry["query_string"] = .string(query.text) }
    return entry
  }
}
