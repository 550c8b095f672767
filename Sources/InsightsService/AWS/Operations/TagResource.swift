internal import InsightsEngine
internal import InsightsStore
internal import InsightsText

/// Adds tags to a log group, by its ARN.
enum TagResource: AWSOperation {
  static let name = "TagResource"
  static let isWriting = true
  static let members: [Member] = [
    .required("resourceArn", .resourceARN), .required("tags", .tags),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.tag(request.taggedGroup(), with: request.texts("tags"))
    return .empty
  }
}

extension Shape {
  static let resourceARN = Shape.string(1...1011, pattern: #"[\w+=/:,.@\-\*]*"#)
}

extension AWSRequest {
  /// Returns the log group whose ARN is `resourceArn`.
  func taggedGroup() throws(AWSError) -> String {
    guard let name = ResourceName(required("resourceArn")) else {
      throw .invalidParameter("'\(required("resourceArn"))' is no ARN of a log group.")
    }
    return name.logGroup
  }
}

extension LogService {
  /// The maximum number of tags per log group.
  private static let tagLimit = 50

  /// Adds tags to those of a log group.
  func tag(_ group: String, with tags: [String: String]) throws {
    try changeGroup(group) { properties in
      properties.tags.merge(tags) { $1 }
      guard properties.tags.count <= Self.tagLimit else {
        throw AWSError(
          "TooManyTagsException", "A log group has at most \(Self.tagLimit) tags.",
          members: ["resourceName": .string(group)])
      }
    }
  }

  /// Removes tags from a log group, if it has them.
  func untag(_ group: String, _ keys: [String]) throws {
    try changeGroup(group) { properties in for key in keys { properties.tags[key] = nil } }
  }

  /// Returns the tags of a log group.
  func tags(of group: String) throws -> AWSReply {
    guard let found = try engine().logGroup(named: group) else { throw AWSError.logGroupMissing }
    var tags = JSONObject()
    for (key, value) in found.properties.tags.sorted(by: { $0.key < $1.key }) {
      tags[key] = .string(value)
    }
    return .json(["tags": .object(tags)])
  }
}
