internal import InsightsText

/// Stops a query.
enum CancelQueryTool: MCPTool {
  static let name = "cancel_logs_insight_query"
  static let title = "Stop a query"
  static let description = """
    Stops a query that 'execute_log_insights_query' started and that still runs. A query that has ended \
    cannot be stopped.
    """
  static let arguments: [JSONSchema.Member] =
    [.required("query_id", .string, "The id that 'execute_log_insights_query' gave.")]
    + JSONSchema.Member.ignored

  static let output: [JSONSchema.Member] = [
    .required("success", .boolean, "Whether the query was stopped.")
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let query = try call.query(call.required("query_id"))
    guard query.cancel() else {
      throw MCPToolError(
        "the query is not running any more (status: \(query.status.rawValue))",
        help: ["get its results with 'get_logs_insight_query_results'"])
    }
    return ["success": true]
  }
}
