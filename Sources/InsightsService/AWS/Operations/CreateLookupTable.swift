internal import InsightsEngine
internal import InsightsStore
internal import InsightsText

/// Saves a lookup table in the store.
enum CreateLookupTable: AWSOperation {
  static let name = "CreateLookupTable"
  static let isWriting = true
  static let members: [Member] = [
    .required("lookupTableName", StoredLookupTable.name),
    .optional("description", .string(0...1024)),
    .optional("tableBody", StoredLookupTable.body),
    .optional("queryId", .string(1...256)),
    .optional("kmsKeyId", .string(0...256)),
    .optional("tags", .tags),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let table = try StoredLookupTable(
      request, name: request.required("lookupTableName"), in: service)
    _ = try table.table()
    let names = try service.withEngine { try $0.documents(kind: StoredLookupTable.kind) }.map(
      \.name)
    guard !names.contains(table.name) else {
      throw AWSError("ResourceAlreadyExistsException", "The lookup table already exists.")
    }
    guard names.count < StoredLookupTable.countLimit else {
      throw AWSError(
        "LimitExceededException",
        "There are \(StoredLookupTable.countLimit) lookup tables already.")
    }
    try service.put(table.document)
    return .json([
      "lookupTableArn": .string(StoredLookupTable.arn(table.name, in: request.region)),
      "createdAt": .integer(table.modified),
    ])
  }
}
