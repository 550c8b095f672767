internal import InsightsEngine
internal import InsightsText

/// Indexes fields, and saves the policy.
enum PutIndexPolicy: AWSOperation {
  static let name = "PutIndexPolicy"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupIdentifier", .logGroupIdentifier),
    .required("policyDocument", .string(1...51_200)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let name = try service.withEngine {
      try request.existingLogGroup(request.required("logGroupIdentifier"), in: $0)
    }
    let policy = IndexPolicy(logGroup: name, text: request.required("policyDocument"))
    let fields = try IndexPolicy.fields(of: policy.text)
    try Engine.addFieldIndexes(of: fields, toStoreAt: service.options.storePath)
    try service.put(policy.document)
    return .json(["indexPolicy": policy.json(in: request.region)])
  }
}
