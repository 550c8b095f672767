internal import InsightsText

/// Runs one query over many log groups.
enum ExecuteBatchTool: MCPTool {
  static let name = "execute_cwl_insights_batch"
  static let title = "Run a query over many log groups"
  static let description = """
    Runs a CloudWatch Logs Insights query over any number of log groups. The local store has all of \
    them in one place: the query runs once, over all groups together, whatever the regions, and counts \
    nothing twice. Each row says its '_region' and '_logGroups'. For a few log groups \
    'execute_log_insights_query' does as well.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .required(
        "log_group_names", .list(.string, count: 1...10_000),
        "Names or ARNs of log groups; * in a name stands for any text."),
      .required(
        "regions", .list(.string, count: 1...100),
        "Regions; the local store has none, so the query runs once and rows show the first one."),
    ] + JSONSchema.Member.requiredTimeRange + [
      .required("query_string", .string, "The query, in the Logs Insights query language."),
      .optional("limit", .integer(1...100_000), "The most rows of the query."),
      .optional(
        "max_timeout", .integer(1...3600).standard(120), "Seconds to wait for the results."),
      .optional("account_label", .string, "What rows say of their account, as '_account'."),
      .optional("profile_name", .string, "Accepted and ignored: there are no credentials."),
    ]

  static let output: [JSONSchema.Member] = [
    .required(
      "summary",
      .object([
        .required("total_log_groups", .count), .required("total_regions", .count),
        .required("total_chunks", .count, "Queries that were run: one."),
        .required("successful_chunks", .count), .required("retried_chunks", .count),
        .required("re_chunked", .count), .required("failed_chunks", .count),
        .required("total_records_returned", .count, "Rows that are shown."),
        .required("warnings", .strings, "Warnings, and whether there is more than is shown."),
      ])),
    .required("results", .list(.object([], isOpen: true)), "The rows."),
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let groups = call.strings("log_group_names") ?? []
    let regions = call.strings("regions") ?? []
    let query = try MCPQuery(call.required("query_string"), logGroups: groups, call)
    let answer = try query.result(waiting: call.integer("max_timeout") ?? 120)
    let status = answer["status"]?.string ?? ""
    let hasWorked = status == "Complete"
    var rows = (answer["results"]?.array ?? []).compactMap(\.object)
    for index in rows.indices {
      rows[index]["_region"] = .string(regions[0])
      rows[index]["_logGroups"] = .string(label(of: groups))
      rows[index]["_account"] = call.string("account_label").map { .string($0) }
    }
    var warnings = (answer["messages"]?.array ?? []).compactMap(\.string)
    if regions.count > 1 {
      warnings.append("the local store has no regions: the query ran once, not in each of them")
    }
    if !hasWorked {
      let message = answer["message"]?.string
      warnings.append("the query ended with status \(status)" + (message.map { ": \($0)" } ?? ""))
    }
    return [
      "summary": [
        "total_log_groups": .integer(groups.count), "total_regions": .integer(regions.count),
        "total_chunks": 1, "successful_chunks": hasWorked ? 1 : 0, "retried_chunks": 0,
        "re_chunked": 0, "failed_chunks": hasWorked ? 0 : 1,
        "total_records_returned": .integer(rows.count), "warnings": .strings(warnings),
      ],
      "results": .array(rows.map { .object($0) }),
    ]
  }

  private static func label(of groups: [String]) -> String {
    let shown = groups.prefix(3).joined(separator: ", ")
    return groups.count > 3 ? "\(shown) (+\(groups.count - 3) more)" : shown
  }
}
