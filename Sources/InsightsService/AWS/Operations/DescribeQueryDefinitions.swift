internal import InsightsEngine
internal import InsightsText

/// Lists the saved queries, sorted by name: those of the store, and the query pack below
/// `insights/`.
enum DescribeQueryDefinitions: AWSOperation {
  static let name = "DescribeQueryDefinitions"
  static let members: [Member] = [
    .optional("queryLanguage", .queryLanguage),
    .optional("queryDefinitionNamePrefix", .string(1...255)),
    .optional("maxResults", .integer(1...1000)),
    .optional("nextToken", .nextToken),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let prefix = request.string("queryDefinitionNamePrefix")
    var definitions: [SavedDefinition] = []
    if request.string("queryLanguage") ?? "CWLI" == "CWLI" {
      let documents = try service.withEngine { try $0.documents(kind: SavedDefinition.kind) }
      definitions = documents.compactMap { SavedDefinition($0) }
      definitions += service.pack.queries.map { SavedDefinition($0) }
      if let prefix { definitions.removeAll { !$0.name.hasPrefix(prefix) } }
    }
    // Names need not be unique.
    func key(_ definition: SavedDefinition) -> String { definition.name + "\0" + definition.id }
    definitions.sort { key($0).isBefore(key($1)) }
    let (page, nextToken) = try request.page(
      of: definitions, limit: Int(request.integer("maxResults") ?? 1000), key: key)
    var reply: JSONObject = ["queryDefinitions": .array(page.map(\.json))]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }
}
