internal import InsightsEngine
internal import InsightsText

/// Deletes a saved query from the store.
enum DeleteQueryDefinition: AWSOperation {
  static let name = "DeleteQueryDefinition"
  static let isWriting = true
  static let members: [Member] = [.required("queryDefinitionId", .string(1...256))]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let id = request.required("queryDefinitionId")
    guard !SavedDefinition.isOfPack(id) else {
      throw AWSError.invalidParameter(
        "'\(id)' belongs to the query pack of insights, which cannot be changed")
    }
    let wasThere = try service.removeDocument(kind: SavedDefinition.kind, named: id)
    guard wasThere else {
      throw AWSError.notFound("The query definition '\(id)' does not exist.")
    }
    return .json(["success": true])
  }
}
