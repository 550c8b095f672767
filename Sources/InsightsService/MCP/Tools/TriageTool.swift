internal import InsightsEngine
internal import InsightsText
internal import InsightsTriage

/// Reports what went wrong, why, the evidence, and what to change.
enum TriageTool: MCPTool {
  static let name = "triage"
  static let title = "Triage an incident"
  static let description = """
    Finds out what went wrong in AWS Lambda and API Gateway logs: which HTTP status callers saw (500, \
    502, 503, 504, 400, 403), why, how often, on what evidence, and what to change. Use this first when \
    something failed. Without arguments it looks at everything; with 'request_id' it tells the whole \
    story of one request, as 'request_story' does. An empty list of findings means that nothing is wrong.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .optional(
        "request_id", .string, "Id of one request, Lambda's or the gateway's: only that one.")
    ] + JSONSchema.Member.timeRange + [.logGroupNames]

  static let output: [JSONSchema.Member] = [
    .optional(
      "looked_at",
      .object(
        [
          .required("events", .count), .required("invocations", .count),
          .required("gateway_requests", .count), .optional("start", .string),
          .optional("end", .string), .optional("newest", .string),
        ]), "How much there was to look at; not of a single request."),
    .required("findings", .list(finding), "What is wrong, the most urgent first."),
    .optional(
      "request", RequestStoryTool.request, "The story of the request, where one is asked for."),
    .optional("limits", .strings, "What the logs cannot show."),
    .messages,
  ]

  static let finding = JSONSchema.object([
    .required("status", .integer, "The HTTP status that callers saw, or would see behind an API."),
    .required("cause", .string), .required("count", .count, "How many requests failed so."),
    .required("first", .string.orNull), .required("last", .string.orNull),
    .optional(
      "over_time", .list(.count),
      "How many requests failed so in each of \(Finding.overTimeCount) equal parts of the time looked at."
    ),
    .required("functions", .strings), .optional("callers", .strings),
    .required("request_id", .string.orNull, "A request to look at with 'request_story'."),
    .required("evidence", .strings), .required("advice", .string.orNull),
  ])

  static func result(of call: MCPToolCall) throws -> JSONObject {
    if let id = call.string("request_id"), !id.isEmpty {
      return try RequestStoryTool.story(of: id, call)
    }
    return try call.withEngine { try result(of: call, by: $0) }
  }

  private static func result(of call: MCPToolCall, by engine: Engine) throws -> JSONObject {
    let options = TriageOptions(
      timeRange: try call.timeRange(), logGroups: call.logGroups, lineLimit: 0)
    let report = try engine.triage(options)
    var result =
      try JSONValue(parsing: Array(TriageJSON.text(of: report.findings, in: report).utf8)).object
      ?? JSONObject()
    var budget = MCPBudget()
    let findings = (result["findings"]?.array ?? []).compactMap(\.object)
    result["findings"] = .array(
      budget.first(
        of: findings, named: "findings", narrowing: "a shorter range of time or a log group"))
    result["limits"] = .strings(report.limits)
    let reasons =
      report.lookedAt.isEmpty
      ? try call.reasonsForNothing(engine, options.timeRange, logGroups: options.logGroups) : []
    result["messages"] = .strings(reasons + budget.notes)
    return result
  }
}
