internal import InsightsIngest
internal import InsightsStore
internal import InsightsText

/// Creates a log group without streams.
enum CreateLogGroup: AWSOperation {
  static let name = "CreateLogGroup"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName),
    .optional("kmsKeyId", .string(0...256)),
    .optional("tags", .tags),
    .optional("logGroupClass", .logGroupClass),
    .optional("deletionProtectionEnabled", .boolean),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let name = request.required("logGroupName")
    guard !name.lowercased().hasPrefix("aws/") else {
      throw AWSError.invalidParameter("Log groups starting with AWS/ are reserved for AWS.")
    }
    var properties = LogGroupProperties()
    properties.logGroupClass = request.string("logGroupClass")
    properties.kmsKeyID = request.string("kmsKeyId")
    properties.isDeletionProtected = request.bool("deletionProtectionEnabled")
    properties.tags = request.texts("tags")
    let group = properties
    try service.write { try $0.createGroup(name, properties: group, at: LogService.now) }
    return .empty
  }
}

extension Shape {
  static let tagKey = Shape.string(.tagKey)
  static let tags = Shape.map(
    .tagKey,
    StringLimits(length: 0...256, pattern: Pattern(#"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"#)), 1...50)
}

extension StringLimits {
  fileprivate static let tagKey = StringLimits(
    length: 1...128, pattern: Pattern(#"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$"#))
}

extension AWSRequest {
  /// A map of strings; empty if it is not given.
  func texts(_ name: String) -> [String: String] {
    let members = object(name)?.members ?? []
    return Dictionary(
      members.compactMap { member in member.value.string.map { (member.name, $0) } },
      uniquingKeysWith: { $1 })
  }
}
