internal import InsightsEngine
internal import InsightsText

/// Saves a query in the store; with an id it replaces the one with that id.
enum PutQueryDefinition: AWSOperation {
  static let name = "PutQueryDefinition"
  static let isWriting = true
  static let members: [Member] = [
    .optional("queryLanguage", .queryLanguage),
    .required("name", .string(1...255)),
    .optional("queryDefinitionId", .string(1...256)),
    .optional("logGroupNames", .list(of: .logGroupName)),
    .required("queryString", .string(1...10_000)),
    .optional("clientToken", .string(36...128, pattern: #"\S{36,128}"#)),
    .optional(
      "parameters",
      .list(
        0...20,
        of: .structure([
          .required("name", .string(1...128, pattern: "^[a-zA-Z_][a-zA-Z0-9_]*")),
          .optional("defaultValue", .string(0...1024)),
          .optional("description", .string(0...512)),
        ]))),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let language = request.string("queryLanguage") ?? "CWLI"
    guard language == "CWLI" else {
      throw AWSError.invalidParameter("queries in \(language) do not run here; write it in CWLI")
    }
    let id: String
    if let given = request.string("queryDefinitionId") {
      guard !SavedDefinition.isOfPack(given) else {
        throw AWSError.invalidParameter(
          "'\(given)' belongs to the query pack of insights, which cannot be changed; leave queryDefinitionId out to save a query of your own"
        )
      }
      let known = try service.withEngine {
        try $0.document(kind: SavedDefinition.kind, named: given)
      }
      guard known != nil else {
        throw AWSError.notFound("The query definition '\(given)' does not exist.")
      }
      id = given
    } else {
      // A client that repeats a request without having received the reply means the same query.
      id = request.string("clientToken") ?? RequestID.new()
      let count = try service.withEngine { try $0.documents(kind: SavedDefinition.kind) }.count
      guard count < SavedDefinition.countLimit else {
        throw AWSError(
          "LimitExceededException", "\(SavedDefinition.countLimit) queries are saved already")
      }
    }
    try service.put(SavedDefinition(request, id: id).document)
    return .json(["queryDefinitionId": .string(id)])
  }
}
