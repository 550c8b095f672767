internal import InsightsIngest

/// Deletes a log group with all its events.
enum DeleteLogGroup: AWSOperation {
  static let name = "DeleteLogGroup"
  static let isWriting = true
  static let members: [Member] = [.required("logGroupName", .logGroupName)]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let group = request.required("logGroupName")
    try service.write { try $0.deleteGroup(group) }
    return .empty
  }
}
