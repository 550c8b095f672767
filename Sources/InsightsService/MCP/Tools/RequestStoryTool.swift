internal import InsightsEngine
internal import InsightsText
internal import InsightsTriage

/// Collects everything in the logs about one request.
enum RequestStoryTool: MCPTool {
  static let name = "request_story"
  static let title = "The story of one request"
  static let description = """
    Tells all that the logs know of one request by its Lambda or API Gateway request id: its attempts \
    with durations and memory, its errors, what is wrong with it and what to change, and the timeline of \
    its log lines over all log groups.
    """
  static let arguments: [JSONSchema.Member] = [
    .required(
      "request_id", .string, "Id of the request, such as 8329e494-91fc-4ed0-ac07-bf7e495d3335.")
  ]

  static let output: [JSONSchema.Member] = [
    .required(
      "findings", .list(TriageTool.finding), "What is wrong with it; empty where nothing is."),
    .required("request", request), .messages,
  ]

  static let request = JSONSchema.object([
    .required("request_id", .string.orNull), .required("gateway_request_ids", .strings),
    .required("xray_trace_id", .string.orNull),
    .required(
      "attempts",
      .list(
        .object([
          .required("attempt", .integer.orNull), .required("function", .string.orNull),
          .required("log_stream", .string.orNull), .required("start", .string.orNull),
          .required("end", .string.orNull), .required("status", .string.orNull),
          .required("error_type", .string.orNull), .required("duration_ms", .number.orNull),
          .required("billed_ms", .number.orNull), .required("cold_start_ms", .number.orNull),
          .required("memory_mb", .number.orNull), .required("max_memory_mb", .number.orNull),
        ]))),
    .required(
      "errors",
      .list(
        .object([
          .required("timestamp", .string.orNull), .required("kind", .string.orNull),
          .required("type", .string.orNull), .required("message", .string.orNull),
          .required("top_frame", .string.orNull), .required("fingerprint", .string.orNull),
        ]))),
    .required(
      "timeline",
      .list(
        .object([
          .required("timestamp", .string.orNull), .required("log_group", .string.orNull),
          .required("message", .string.orNull),
        ]))),
    .required("limits", .strings, "What the logs do not show about it."),
  ])

  static func result(of call: MCPToolCall) throws -> JSONObject {
    try story(of: call.required("request_id"), call)
  }

  static func story(of id: String, _ call: MCPToolCall) throws -> JSONObject {
    guard
      let story = try call.withEngine({
        try $0.story(of: id, options: TriageOptions(lineLimit: 0))
      })
    else {
      throw MCPToolError(
        "no log here names a request '\(id)'",
        help: ["find requests that failed with 'triage'", "its log group may not be in this store"])
    }
    var result =
      try JSONValue(parsing: Array(TriageJSON.text(of: story).utf8)).object ?? JSONObject()
    var request = result["request"]?.object ?? JSONObject()
    var budget = MCPBudget()
    for name in ["attempts", "errors", "timeline"] {
      let elements = (request[name]?.array ?? []).compactMap(\.object)
      request[name] = .array(
        budget.ends(
          of: elements, named: name == "timeline" ? "lines of the timeline" : name,
          narrowing: "execute_log_insights_query: filter @requestId = \"\(story.requestID ?? id)\"")
      )
    }
    result["request"] = .object(request)
    result["messages"] = .strings(budget.notes)
    return result
  }
}
