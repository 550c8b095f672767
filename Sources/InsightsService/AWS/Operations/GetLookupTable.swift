internal import InsightsText

/// Returns a lookup table with its content.
enum GetLookupTable: AWSOperation {
  static let name = "GetLookupTable"
  static let members: [Member] = [.required("lookupTableArn", .string())]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let table = try service.withEngine {
      try StoredLookupTable.stored(request.required("lookupTableArn"), in: $0)
    }
    var reply: JSONObject = [
      "lookupTableArn": .string(StoredLookupTable.arn(table.name, in: request.region)),
      "lookupTableName": .string(table.name),
    ]
    reply["description"] = table.description.map { .string($0) }
    reply["tableBody"] = .string(table.body)
    reply["sizeBytes"] = .integer(table.body.utf8.count)
    reply["lastUpdatedTime"] = .integer(table.modified)
    reply["kmsKeyId"] = table.kmsKeyID.map { .string($0) }
    return .json(reply)
  }
}
