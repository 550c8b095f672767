internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// Lists the fields of one log group that should be indexed.
enum RecommendIndexesLogGroupTool: MCPTool {
  static let name = "recommend_indexes_loggroup"
  static let title = "Recommend field indexes for a log group"
  static let description = """
    Recommends fields of a log group to index, by the queries that were asked of it since this program \
    started: how often a field is used and compared with values, how long ago, and how many values it \
    has. Indexes are made on the command line: insights index FIELD.
    """
  static let arguments: [JSONSchema.Member] =
    [.required("log_group_identifier", .string, "Name or ARN of the log group.")]
    + JSONSchema.Member.ignored

  static let output = IndexAdvice.output

  /// The number of best fields whose values are counted.
  private static let countedFieldLimit = 10

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let identifier = call.required("log_group_identifier")
    let group = ResourceName.logGroup(of: identifier)
    guard let known = try call.service.catalogue().groups.first(where: { $0.name == group }) else {
      throw MCPToolError(
        "there is no log group '\(group)'", help: ["list them with 'describe_log_groups'"])
    }
    let queries = MCPQuery.asked(call).filter { $0.logGroup == group }
    let advice = IndexAdvice(queries, now: LogService.now)
    let (indexed, candidates, missing) = try call.withEngine { try advice.fields(by: $0) }
    let best = advice.recommendations(of: candidates, scansText: known.storedBytes > 0)
      .prefix(countedFieldLimit).compactMap { $0["field_name"]?.string }
    let counts = try call.withEngine { try distinctCounts(of: best, in: group, $0) }
    let recommendations = advice.recommendations(
      of: candidates, scansText: known.storedBytes > 0, distinctCounts: counts)
    return advice.result(
      of: identifier, queries, recommendations, indexed: indexed, missing: missing)
  }

  private static func distinctCounts(
    of names: [String], in group: String, _ engine: Engine
  ) throws -> [String: Int64] {
    guard !names.isEmpty else { return [:] }
    let columns = names.enumerated().map { "count_distinct(`\($1)`) as n\($0)" }
    let answer = try engine.answer(
      SourceText("stats " + columns.joined(separator: ", ")),
      options: Binder.Options(logGroups: [group]))
    var counts: [String: Int64] = [:]
    for (index, name) in names.enumerated() {
      counts[name] = answer.table.rows.first?[index].integer
    }
    return counts
  }
}

extension IndexAdvice {
  /// Returns the fields that queries used: those with an index, those without, and those that no
  /// event has.
  func fields(
    by engine: Engine
  ) throws -> (indexed: [String], candidates: [String], missing: [String]) {
    func names(_ table: ResultTable) -> Set<String> {
      Set(
        table.rows.compactMap { row -> String? in
          if case .text(let name) = row[0] { name } else { nil }
        })
    }
    let existing = names(try engine.fields())
    let indexed = names(try engine.fieldIndexes())
    let used = usages.keys.sorted()
    return (
      used.filter(indexed.contains),
      used.filter { existing.contains($0) && !indexed.contains($0) },
      used.filter { !existing.contains($0) && !indexed.contains($0) }
    )
  }

  /// Returns the result for one log group.
  func result(
    of logGroup: String, _ queries: [AskedQuery], _ recommendations: [JSONObject],
    indexed: [String], missing: [String]
  ) -> JSONObject {
    var warnings: [String] = []
    if queries.isEmpty {
      warnings.append("no query was asked of it since this program started")
    } else if usages.isEmpty {
      warnings.append("no query names a field that can be indexed")
    }
    var budget = MCPBudget()
    let shown = budget.first(
      of: recommendations, named: "recommendations", narrowing: "fewer fields in queries")
    return [
      "recommendations": .array(shown),
      "already_indexed": .array(
        indexed.map { name in
          var entry = entry(name)
          entry["source"] = "LOG_GROUP"
          return .object(entry)
        }),
      "fields_not_found": .array(missing.map { .object(entry($0)) }),
      "queries_analyzed": .integer(queries.count), "unique_queries": .integer(uniqueTexts.count),
      "time_range_days": .integer(Self.historyDays), "log_group": .string(logGroup),
      "warnings": .strings(warnings + budget.notes),
    ]
  }
}
