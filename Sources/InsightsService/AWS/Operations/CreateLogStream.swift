internal import InsightsIngest

/// Creates a log stream without events.
enum CreateLogStream: AWSOperation {
  static let name = "CreateLogStream"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName), .required("logStreamName", .logStreamName),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let group = request.required("logGroupName")
    let stream = request.required("logStreamName")
    try service.write { try $0.createStream(stream, inGroup: group, at: LogService.now) }
    return .empty
  }
}
