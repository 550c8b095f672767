internal import InsightsEngine
internal import InsightsText

/// Shows a query at each stage.
enum ExplainQueryTool: MCPTool {
  static let name = "explain_query"
  static let title = "Explain a query"
  static let description = """
    Shows what becomes of a Logs Insights query: how it is read ('syntax'), what it does step by step \
    ('plan'), its SQL ('sql', 'sqlite'), or what is read and skipped in the store when it runs ('scan'). \
    Use 'check_query' to find out what is wrong with one.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .required("query_string", .string, "The query, in the Logs Insights query language."),
      .optional(
        "stage", .choice(QueryStage.allCases.map(\.rawValue)).standard("plan"),
        "What to show; 'scan' runs the query."),
    ] + JSONSchema.Member.timeRange + [.logGroupNames]

  static let output: [JSONSchema.Member] = [
    .required("stage", .string), .required("text", .string), .messages,
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let stage = call.string("stage").flatMap(QueryStage.init(rawValue:)) ?? .plan
    let source = try call.service.source(of: call.required("query_string"))
    let options = try call.binderOptions()
    let text = try call.withEngine {
      try Engine.explain(source, stage: stage, options: options, engine: $0)
    }
    var messages: [String] = []
    var shown = text[...]
    if text.utf8.count > MCPBudget.byteLimit {
      shown = text.prefix(MCPBudget.byteLimit / 4)
      messages.append("there is more: the text was cut. Ask for another stage, or a shorter query.")
    }
    return [
      "stage": .string(stage.rawValue), "text": .string(String(shown)),
      "messages": .strings(messages),
    ]
  }
}
