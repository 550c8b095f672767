internal import InsightsModel
internal import InsightsText

/// Lists the queries since the start of the server, newest first.
enum DescribeQueries: AWSOperation {
  static let name = "DescribeQueries"
  static let members: [Member] = [
    .optional("logGroupName", .logGroupName),
    .optional(
      "status",
      .string(
        values: ["Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown"])),
    .optional("maxResults", .integer(1...1000)),
    .optional("nextToken", .nextToken),
    .optional("queryLanguage", .queryLanguage),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let logGroup = request.string("logGroupName")
    let status = request.string("status")
    let language = request.string("queryLanguage")
    let queries = service.queries.queries.map { Listed(query: $0, status: $0.status.rawValue) }
      .filter { listed in
        logGroup.map { listed.query.question.logGroups.contains($0) } ?? true
          && status ?? listed.status == listed.status && language ?? "CWLI" == "CWLI"
      }
    let (page, nextToken) = try request.page(
      of: queries, limit: Int(request.integer("maxResults") ?? 1000),
      place: { "\($0.query.number)" },
      isBehind: { listed, place in Int64(place).map { listed.query.number < $0 } ?? false })
    var reply: JSONObject = [
      "queries": .array(page.map { .object(entry($0.query, $0.status)) })
    ]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }

  /// A query with its state, read once, since it may end while states are compared.
  private struct Listed {
    var query: ServedQuery
    var status: String
  }

  private static func entry(_ query: ServedQuery, _ status: String) -> JSONObject {
    var entry: JSONObject = [
      "queryLanguage": "CWLI", "queryId": .string(query.id),
      "queryString": .string(query.question.textWithSource), "status": .string(status),
      "createTime": .integer(query.created),
    ]
    entry["logGroupName"] = query.question.logGroups.first.map { .string($0) }
    if status != ServedQuery.Status.running.rawValue {
      let (seconds, attoseconds) = query.duration.components
      entry["queryDuration"] = .integer(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
    entry["bytesScanned"] = .number("\(query.statistics.scannedBytes).0")
    return entry
  }
}

extension ServedQuery.Question {
  /// The text preceded by the log groups and the range, as AWS lists queries.
  var textWithSource: String {
    guard chosenByText == nil, !logGroups.isEmpty else { return text }
    let groups = logGroups.map { "SOURCE \"\($0)\"" }.joined(separator: " | ")
    return "\(groups) START=\(startSecond)000 END=\(endSecond)999 | \(text)"
  }
}
