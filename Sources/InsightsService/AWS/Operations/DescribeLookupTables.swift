internal import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Lists the lookup tables, sorted by name, without their content.
enum DescribeLookupTables: AWSOperation {
  static let name = "DescribeLookupTables"
  static let members: [Member] = [
    .optional("lookupTableNamePrefix", StoredLookupTable.name),
    .optional("maxResults", .integer(1...100)),
    .optional("nextToken", .nextToken),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let prefix = request.string("lookupTableNamePrefix") ?? ""
    let tables = try service.withEngine { try $0.documents(kind: StoredLookupTable.kind) }
      .filter { $0.name.hasPrefix(prefix) }.compactMap { StoredLookupTable($0) }
    let (page, nextToken) = try request.page(
      of: tables, limit: Int(request.integer("maxResults") ?? 50), key: \.name)
    let entries = try page.map { stored -> JSONValue in
      let table = try stored.table()
      var entry: JSONObject = [
        "lookupTableArn": .string(StoredLookupTable.arn(stored.name, in: request.region)),
        "lookupTableName": .string(stored.name),
      ]
      entry["description"] = stored.description.map { .string($0) }
      entry["tableFields"] = .strings(table.columns)
      entry["recordsCount"] = .integer(table.rows.count)
      entry["sizeBytes"] = .integer(stored.body.utf8.count)
      entry["lastUpdatedTime"] = .integer(stored.modified)
      entry["kmsKeyId"] = stored.kmsKeyID.map { .string($0) }
      return .object(entry)
    }
    var reply: JSONObject = ["lookupTables": .array(entries)]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }
}
