internal import InsightsEngine
internal import InsightsText

/// Lists the log groups with fields that should be indexed.
enum RecommendIndexesAccountTool: MCPTool {
  static let name = "recommend_indexes_account"
  static let title = "Recommend field indexes"
  static let description = """
    Finds the log groups whose queries, of those asked since this program started, would gain from \
    field indexes. 'recommend_indexes_loggroup' looks at one of them more closely.
    """
  static let arguments: [JSONSchema.Member] =
    JSONSchema.Member.ignored + [
      .optional(
        "max_queries", .integer(0...Int64.max).standard(5000),
        "The most queries to look at, the newest; 0 for all.")
    ]

  static let output: [JSONSchema.Member] = [
    .required("log_group_results", .list(.object(IndexAdvice.output)), "The best first."),
    .required("total_log_groups_analyzed", .count), .required("total_queries_analyzed", .count),
    .required("time_range_days", .count), .required("warnings", .strings),
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    var queries = MCPQuery.asked(call)
    let limit = call.integer("max_queries") ?? 5000
    if limit > 0 { queries = Array(queries.prefix(limit)) }
    let groups = Dictionary(grouping: queries) { $0.logGroup ?? "" }.filter { !$0.key.isEmpty }
    var results: [(score: Double, result: JSONObject)] = []
    for (group, queries) in groups.sorted(by: { $0.key < $1.key }) {
      let advice = IndexAdvice(queries, now: LogService.now)
      let (indexed, candidates, missing) = try call.withEngine { try advice.fields(by: $0) }
      let recommendations = advice.recommendations(of: candidates, scansText: true)
      results.append(
        (
          recommendations.first?["score"]?.real ?? 0,
          advice.result(of: group, queries, recommendations, indexed: indexed, missing: missing)
        ))
    }
    results.sort { $0.score > $1.score }
    var budget = MCPBudget()
    let shown = budget.first(
      of: results.map(\.result), named: "log groups", narrowing: "'recommend_indexes_loggroup'")
    let warnings =
      queries.isEmpty ? ["no query was asked since this program started"] : [String]()
    return [
      "log_group_results": .array(shown), "total_log_groups_analyzed": .integer(groups.count),
      "total_queries_analyzed": .integer(queries.count),
      "time_range_days": .integer(IndexAdvice.historyDays),
      "warnings": .strings(warnings + budget.notes),
    ]
  }
}
