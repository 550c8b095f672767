internal import InsightsIngest

/// Deletes a log stream with all its events.
enum DeleteLogStream: AWSOperation {
  static let name = "DeleteLogStream"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName), .required("logStreamName", .logStreamName),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let group = request.required("logGroupName")
    let stream = request.required("logStreamName")
    try service.write { try $0.deleteStream(stream, ofGroup: group, at: LogService.now) }
    return .empty
  }
}
