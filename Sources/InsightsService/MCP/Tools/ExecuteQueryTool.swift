internal import InsightsText

/// Runs a query and returns its results once it has ended.
enum ExecuteQueryTool: MCPTool {
  static let name = "execute_log_insights_query"
  static let title = "Run a Logs Insights query"
  static let description = """
    Runs a CloudWatch Logs Insights query over the local store and waits for its results. Give either \
    'log_group_names' or 'log_group_identifiers'; without both all events are read. For example, \
    exceptions per hour: filter @message like /Exception/ | stats count(*) as exceptions by bin(1h) | \
    sort exceptions desc. Results are bounded; write '| limit 50' or use 'limit'. 'SOURCE invocations' \
    and 'SOURCE errors' at the beginning of a query read one row per Lambda invocation or error.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .optional(
        "log_group_names", .list(.string, count: 0...50),
        "Up to 50 names of log groups, in which * stands for any text."),
      .optional(
        "log_group_identifiers", .list(.string, count: 0...50),
        "Up to 50 names or ARNs of log groups."),
    ] + JSONSchema.Member.requiredTimeRange + [
      .required("query_string", .string, "The query, in the Logs Insights query language."),
      .optional("limit", .integer(1...100_000), "The most rows of the query."),
      .optional(
        "max_timeout", .integer(1...3600).standard(30),
        "Seconds to wait for the results. A query that takes longer goes on: ask again with 'get_logs_insight_query_results'."
      ),
    ] + JSONSchema.Member.ignored

  static let output = MCPQuery.output

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let names = call.strings("log_group_names") ?? []
    let identifiers = call.strings("log_group_identifiers") ?? []
    do {
      guard names.isEmpty || identifiers.isEmpty else {
        throw MCPToolError("give either 'log_group_names' or 'log_group_identifiers', not both")
      }
      let query = try MCPQuery(
        call.required("query_string"), logGroups: names + identifiers, call)
      return try query.result(waiting: call.integer("max_timeout") ?? 30)
    } catch {
      // Programs made for AWS's own server expect this form for a query that does not run.
      var failure = MCPToolError(error)
      failure.structured = MCPQuery.failure(failure.text)
      throw failure
    }
  }
}
