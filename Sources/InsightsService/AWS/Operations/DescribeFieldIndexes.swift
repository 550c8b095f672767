internal import InsightsEngine
internal import InsightsModel
internal import InsightsText

/// Lists the field indexes of log groups: those of the store, which cover all groups.
enum DescribeFieldIndexes: AWSOperation {
  static let name = "DescribeFieldIndexes"
  static let members: [Member] = [
    .required("logGroupIdentifiers", .list(1...100, of: .logGroupIdentifier)),
    .optional("nextToken", .nextToken),
    .optional(
      "indexCategories",
      .list(0...4, of: .string(values: ["DEFAULT", "CUSTOM", "AUTO", "INACTIVE"]))),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let catalogue = try service.catalogue()
    let categories = request.strings("indexCategories") ?? []
    let fields = try service.withEngine { try $0.indexedFields() }
    var entries: [JSONValue] = []
    for identifier in request.strings("logGroupIdentifiers") ?? [] {
      guard let group = catalogue.group(ResourceName.logGroup(of: identifier)) else {
        throw AWSError.logGroupMissing
      }
      guard categories.isEmpty || categories.contains("CUSTOM") else { continue }
      for field in fields {
        var entry: JSONObject = [
          "logGroupIdentifier": .string(group.resourceName(in: request.region).text),
          "fieldIndexName": .string(field), "type": "FIELD_INDEX", "indexCategory": "CUSTOM",
        ]
        entry["firstEventTime"] = group.firstTimestamp.map { .integer($0) }
        entry["lastEventTime"] = group.lastTimestamp.map { .integer($0) }
        entries.append(.object(entry))
      }
    }
    return .json(["fieldIndexes": .array(entries)])
  }
}

extension Engine {
  /// Returns the names of the fields that have an index.
  func indexedFields() throws -> [String] {
    try fieldIndexes().rows.compactMap { row in
      if case .text(let name) = row[0] { name } else { nil }
    }
  }
}
