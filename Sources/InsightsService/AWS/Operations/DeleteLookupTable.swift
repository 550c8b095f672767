internal import InsightsEngine
internal import InsightsText

/// Deletes a lookup table from the store.
enum DeleteLookupTable: AWSOperation {
  static let name = "DeleteLookupTable"
  static let isWriting = true
  static let members: [Member] = [.required("lookupTableArn", .string())]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let name = try StoredLookupTable.name(inARN: request.required("lookupTableArn"))
    let wasThere = try service.removeDocument(kind: StoredLookupTable.kind, named: name)
    guard wasThere else {
      throw AWSError.notFound("The lookup table '\(name)' does not exist.")
    }
    return .empty
  }
}
