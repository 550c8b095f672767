/// Removes tags from a log group, by its name: the older form of UntagResource.
enum UntagLogGroup: AWSOperation {
  static let name = "UntagLogGroup"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName), .required("tags", .list(1...Int.max, of: .tagKey)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.untag(.logGroup(request.required("logGroupName")), request.strings("tags") ?? [])
    return .empty
  }
}
