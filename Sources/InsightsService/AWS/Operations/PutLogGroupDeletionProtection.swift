internal import InsightsStore

/// Sets whether a log group may be deleted.
enum PutLogGroupDeletionProtection: AWSOperation {
  static let name = "PutLogGroupDeletionProtection"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupIdentifier", .logGroupIdentifier),
    .required("deletionProtectionEnabled", .boolean),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let isProtected = request.bool("deletionProtectionEnabled")
    let group = ResourceName.logGroup(of: request.required("logGroupIdentifier"))
    try service.changeGroup(group) { $0.isDeletionProtected = isProtected }
    return .empty
  }
}
