internal import InsightsEngine
internal import InsightsText

/// Replaces the content of a lookup table.
enum UpdateLookupTable: AWSOperation {
  static let name = "UpdateLookupTable"
  static let isWriting = true
  static let members: [Member] = [
    .required("lookupTableArn", .string()),
    .optional("description", .string(0...1024)),
    .optional("tableBody", StoredLookupTable.body),
    .optional("queryId", .string(1...256)),
    .optional("kmsKeyId", .string(0...256)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let old = try service.withEngine {
      try StoredLookupTable.stored(request.required("lookupTableArn"), in: $0)
    }
    var table = try StoredLookupTable(request, name: old.name, in: service)
    table.tags = old.tags
    // A key that is not mentioned stays; an empty one goes.
    if request.string("kmsKeyId") == nil { table.kmsKeyID = old.kmsKeyID }
    _ = try table.table()
    try service.put(table.document)
    return .json([
      "lookupTableArn": .string(StoredLookupTable.arn(table.name, in: request.region)),
      "lastUpdatedTime": .integer(table.modified),
    ])
  }
}
