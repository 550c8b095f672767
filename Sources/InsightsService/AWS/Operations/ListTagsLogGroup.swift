/// Lists the tags of a log group, by its name: the older form of ListTagsForResource.
enum ListTagsLogGroup: AWSOperation {
  static let name = "ListTagsLogGroup"
  static let members: [Member] = [.required("logGroupName", .logGroupName)]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.tags(of: .logGroup(request.required("logGroupName")))
  }
}
