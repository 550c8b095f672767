internal import InsightsStore
internal import InsightsText

/// Lists the log groups, sorted by name.
enum DescribeLogGroups: AWSOperation {
  static let name = "DescribeLogGroups"
  static let members: [Member] = [
    .optional("accountIdentifiers", .accountIdentifiers),
    .optional("logGroupNamePrefix", .logGroupName),
    .optional("logGroupNamePattern", .string(0...512, pattern: #"[\.\-_/#A-Za-z0-9]*"#)),
    .optional("nextToken", .nextToken),
    .optional("limit", .integer(1...50)),
    .optional("includeLinkedAccounts", .boolean),
    .optional("logGroupClass", .logGroupClass),
    .optional("logGroupIdentifiers", .list(1...50, of: .logGroupIdentifier)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let prefix = request.string("logGroupNamePrefix")
    let pattern = request.string("logGroupNamePattern")
    if prefix != nil, pattern != nil {
      throw AWSError.invalidParameter(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
    }
    let wanted = request.strings("logGroupIdentifiers").map { Set($0.map(ResourceName.logGroup)) }
    if wanted != nil, prefix != nil || pattern != nil {
      throw AWSError.invalidParameter(
        "logGroupIdentifiers excludes logGroupNamePrefix and logGroupNamePattern.")
    }
    let groups = try service.catalogue().groups.filter { group in
      prefix.map { group.name.hasPrefix($0) } ?? true
        && pattern.map { $0.isEmpty || group.name.contains($0) } ?? true
        && wanted?.contains(group.name) ?? true
        && request.string("logGroupClass") ?? group.logGroupClass == group.logGroupClass
    }
    let (page, nextToken) = try request.page(
      of: groups, limit: Int(request.integer("limit") ?? 50), key: \.name)
    var reply: JSONObject = [
      "logGroups": .array(page.map { .object(entry($0, request, isWhole: pattern == nil)) })
    ]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }

  private static func entry(
    _ group: LogCatalogue.Group, _ request: AWSRequest, isWhole: Bool
  ) -> JSONObject {
    let name = group.resourceName(in: request.region)
    var entry: JSONObject = [
      "arn": .string(name.textOfAllStreams),
      "creationTime": .integer(group.creationTime),
      "logGroupArn": .string(name.text),
      "logGroupClass": .string(group.logGroupClass),
      "logGroupName": .string(group.name),
      "metricFilterCount": 0,
    ]
    entry["retentionInDays"] = group.properties.retentionInDays.map { .integer($0) }
    entry["kmsKeyId"] = group.properties.kmsKeyID.map { .string($0) }
    // On AWS, a search by pattern also omits these.
    if isWhole {
      entry["deletionProtectionEnabled"] = .bool(group.properties.isDeletionProtected)
      entry["storedBytes"] = .integer(group.storedBytes)
    }
    return entry
  }
}

extension LogCatalogue.Group {
  var logGroupClass: String { properties.logGroupClass ?? "STANDARD" }

  func resourceName(in region: String) -> ResourceName {
    ResourceName(region: region, account: account, logGroup: name)
  }
}
