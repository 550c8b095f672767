/// Removes tags from a log group or a lookup table, by its ARN.
enum UntagResource: AWSOperation {
  static let name = "UntagResource"
  static let isWriting = true
  static let members: [Member] = [
    .required("resourceArn", .resourceARN), .required("tagKeys", .list(0...50, of: .tagKey)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.untag(request.taggedResource(), request.strings("tagKeys") ?? [])
    return .empty
  }
}
