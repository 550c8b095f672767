/// Adds tags to a log group, by its name: the older form of TagResource.
enum TagLogGroup: AWSOperation {
  static let name = "TagLogGroup"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName), .required("tags", .tags),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.tag(.logGroup(request.required("logGroupName")), with: request.texts("tags"))
    return .empty
  }
}
