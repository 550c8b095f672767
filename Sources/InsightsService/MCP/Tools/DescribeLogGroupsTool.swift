internal import InsightsEngine
internal import InsightsQuery
internal import InsightsText

/// Lists the log groups of the store.
enum DescribeLogGroupsTool: MCPTool {
  static let name = "describe_log_groups"
  static let title = "List the log groups"
  static let description = """
    Lists the log groups of the local store, the times that their events cover, and the saved queries \
    that belong to them. Use it to find out what can be queried, and over which range of time.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .optional(
        "log_group_name_prefix", .string, "Only log groups whose names begin exactly so."),
      .optional("max_items", .integer(1...Int64.max), "The most log groups to return."),
      .optional(
        "log_group_class", .choice(["STANDARD", "INFREQUENT_ACCESS"]),
        "Only log groups of this class; all here are STANDARD."),
      .optional(
        "account_identifiers", .list(.string.orNull), "Accepted and ignored: there is one store."),
      .optional(
        "include_linked_accounts", .boolean.standard(false),
        "Accepted and ignored: there is one store."),
    ] + JSONSchema.Member.ignored

  static let output: [JSONSchema.Member] = [
    .required(
      "log_group_metadata",
      .list(
        .object([
          .required("logGroupName", .string),
          .required("creationTime", .string, "Of the first event where nothing else is known."),
          .optional("retentionInDays", .integer), .required("metricFilterCount", .count),
          .required("storedBytes", .count), .required("inheritedProperties", .strings),
          .required("logGroupClass", .string), .required("logGroupArn", .string),
          .required("eventCount", .count),
          .optional("firstEventTime", .string, "ISO 8601; without one no event has a time."),
          .optional("lastEventTime", .string),
        ]))),
    .required(
      "saved_queries",
      .list(
        .object([
          .required("name", .string), .required("queryString", .string),
          .required("logGroupNames", .strings), .required("logGroupPrefixes", .strings),
        ])), "Saved queries that name one of the log groups; 'list_saved_queries' has all."),
    .messages,
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let prefix = call.string("log_group_name_prefix") ?? ""
    let wantedClass = call.string("log_group_class")
    var groups = try call.service.catalogue().groups.filter {
      $0.name.hasPrefix(prefix) && wantedClass ?? $0.logGroupClass == $0.logGroupClass
    }
    var messages: [String] = []
    if let count = call.integer("max_items"), count < groups.count {
      messages.append("\(groups.count - count) more log groups were left out by 'max_items'")
      groups = Array(groups.prefix(count))
    }
    if groups.isEmpty {
      messages.append(
        prefix.isEmpty
          ? "no event here has a log group; queries without log groups read all events"
          : "no log group begins with '\(prefix)'")
    }
    var budget = MCPBudget()
    let shown = budget.first(
      of: groups.map { entry($0) }, named: "log groups", narrowing: "'log_group_name_prefix'")
    let queries = budget.first(
      of: try savedQueries(of: Set(groups.map(\.name)), call), named: "saved queries",
      narrowing: "'log_group_name_prefix'")
    return [
      "log_group_metadata": .array(shown), "saved_queries": .array(queries),
      "messages": .strings(messages + budget.notes),
    ]
  }

  private static func entry(_ group: LogCatalogue.Group) -> JSONObject {
    var entry: JSONObject = [
      "logGroupName": .string(group.name),
      "creationTime": .string(isoTime(group.creationTime)),
      "metricFilterCount": 0, "storedBytes": .integer(group.storedBytes),
      "inheritedProperties": [], "logGroupClass": .string(group.logGroupClass),
      "logGroupArn": .string(group.resourceName(in: "us-east-1").text),
      "eventCount": .integer(group.eventCount),
    ]
    let streams = group.streams + [group.nameless].compactMap { $0 }
    entry["firstEventTime"] = streams.compactMap(\.firstTimestamp).min().map {
      .string(isoTime($0))
    }
    entry["lastEventTime"] = streams.compactMap(\.lastTimestamp).max().map { .string(isoTime($0)) }
    return entry
  }

  /// `2025-04-19T20:00:00.000+00:00`.
  private static func isoTime(_ milliseconds: Int64) -> String {
    MCPToolCall.text(ofTime: milliseconds).split(separator: " ").joined(separator: "T") + "+00:00"
  }

  /// Returns the queries that clients have saved in the store for one of the groups.
  private static func savedQueries(
    of groups: Set<String>, _ call: MCPToolCall
  ) throws -> [JSONObject] {
    try call.withEngine { try $0.documents(kind: SavedDefinition.kind) }
      .compactMap { SavedDefinition($0) }
      .compactMap { definition -> JSONObject? in
        let source = Parser.parse(SourceText(definition.queryString)).syntax.source
        let prefixes = source?.logGroupPrefixes ?? []
        guard
          groups.contains(where: { group in
            definition.logGroupNames.contains(group) || prefixes.contains(where: group.hasPrefix)
          })
        else { return nil }
        return [
          "name": .string(definition.name), "queryString": .string(definition.queryString),
          "logGroupNames": .strings(definition.logGroupNames),
          "logGroupPrefixes": .strings(prefixes),
        ]
      }
  }
}
