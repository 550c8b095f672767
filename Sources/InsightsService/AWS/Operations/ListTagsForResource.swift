/// Lists the tags of a log group or a lookup table, by its ARN.
enum ListTagsForResource: AWSOperation {
  static let name = "ListTagsForResource"
  static let members: [Member] = [.required("resourceArn", .resourceARN)]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.tags(of: request.taggedResource())
  }
}
