internal import InsightsEngine
internal import InsightsText

/// Returns the index policy of a log group, if a client has set one.
enum DescribeIndexPolicies: AWSOperation {
  static let name = "DescribeIndexPolicies"
  static let members: [Member] = [
    .required("logGroupIdentifiers", .list(1...1, of: .logGroupIdentifier)),
    .optional("nextToken", .nextToken),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let policies = try service.withEngine { engine in
      try (request.strings("logGroupIdentifiers") ?? []).compactMap { identifier in
        let name = try request.existingLogGroup(identifier, in: engine)
        return try engine.document(kind: IndexPolicy.kind, named: name).map { IndexPolicy($0) }
      }
    }
    return .json(["indexPolicies": .array(policies.map { $0.json(in: request.region) })])
  }
}
