internal import InsightsText

/// Returns the results of a query that was started earlier.
enum QueryResultsTool: MCPTool {
  static let name = "get_logs_insight_query_results"
  static let title = "Get the results of a query"
  static let description = """
    Gets the results of a query that 'execute_log_insights_query' started and that took longer than it \
    waited, by the 'queryId' that it gave. Results are kept for an hour at least, as long as the program runs.
    """
  static let arguments: [JSONSchema.Member] =
    [.required("query_id", .string, "The id that 'execute_log_insights_query' gave.")]
    + JSONSchema.Member.ignored

  static let output = MCPQuery.output

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let id = call.required("query_id")
    do {
      return try MCPQuery(id: id, call).result(waiting: 0)
    } catch {
      var failure = MCPToolError(error)
      failure.structured = MCPQuery.failure(failure.text, id: id)
      throw failure
    }
  }
}
