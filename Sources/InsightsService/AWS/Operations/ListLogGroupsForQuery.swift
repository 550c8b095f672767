internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// Lists the log groups that a query reads, as ARNs.
enum ListLogGroupsForQuery: AWSOperation {
  static let name = "ListLogGroupsForQuery"
  static let members: [Member] = [
    .required("queryId", .string(1...256)),
    .optional("nextToken", .nextToken),
    .optional("maxResults", .integer(50...500)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let query = try request.query(in: service)
    let catalogue = try service.catalogue()
    var names = Set(query.question.logGroups)
    if let globs = query.question.chosenByText {
      let found = try service.withEngine {
        try $0.logGroups(options: Binder.Options(logGroups: globs))
      }
      for case .text(let log) in found.rows.compactMap(\.first) {
        names.insert(String(log.drop { $0 != ":" }.dropFirst()))
      }
    }
    let arns = names.map { name in
      catalogue.group(name)?.resourceName(in: request.region)
        ?? ResourceName(region: request.region, logGroup: name)
    }
    let (page, nextToken) = try request.page(
      of: arns.map(\.text).sorted { $0.isBefore($1) },
      limit: Int(request.integer("maxResults") ?? 500), key: \.self)
    var reply: JSONObject = ["logGroupIdentifiers": .strings(page)]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }
}
