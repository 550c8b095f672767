internal import InsightsStore

/// Removes the retention period of a group.
enum DeleteRetentionPolicy: AWSOperation {
  static let name = "DeleteRetentionPolicy"
  static let isWriting = true
  static let members: [Member] = [.required("logGroupName", .logGroupName)]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.changeGroup(request.required("logGroupName")) { $0.retentionInDays = nil }
    return .empty
  }
}
