internal import InsightsEngine
internal import InsightsIngest
internal import InsightsStore
internal import InsightsText

/// Adds tags to a log group or a lookup table, by its ARN.
enum TagResource: AWSOperation {
  static let name = "TagResource"
  static let isWriting = true
  static let members: [Member] = [
    .required("resourceArn", .resourceARN), .required("tags", .tags),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.tag(request.taggedResource(), with: request.texts("tags"))
    return .empty
  }
}

extension Shape {
  static let resourceARN = Shape.string(1...1011, pattern: #"[\w+=/:,.@\-\*]*"#)
}

extension AWSRequest {
  /// Returns the resource that the member `resourceArn` identifies.
  func taggedResource() throws(AWSError) -> TaggedResource {
    let arn = required("resourceArn")
    if let name = ResourceName(arn) { return .logGroup(name.logGroup) }
    if let name = try? StoredLookupTable.name(inARN: arn) { return .lookupTable(name) }
    throw .invalidParameter("'\(arn)' is no ARN of a log group or a lookup table.")
  }
}

/// A resource that can have tags.
enum TaggedResource {
  case logGroup(String)
  case lookupTable(String)

  var name: String {
    switch self {
    case .logGroup(let name), .lookupTable(let name): name
    }
  }
}

extension LogService {
  /// The maximum number of tags per resource.
  private static let tagLimit = 50

  /// Adds tags to a resource; existing tags with the same key are replaced.
  func tag(_ resource: TaggedResource, with tags: [String: String]) throws {
    try changeTags(of: resource) { known in
      known.merge(tags) { $1 }
      guard known.count <= Self.tagLimit else {
        throw AWSError(
          "TooManyTagsException", "A resource has at most \(Self.tagLimit) tags.",
          members: ["resourceName": .string(resource.name)])
      }
    }
  }

  /// Removes those of the tags that a resource has.
  func untag(_ resource: TaggedResource, _ keys: [String]) throws {
    try changeTags(of: resource) { known in for key in keys { known[key] = nil } }
  }

  private func changeTags(
    of resource: TaggedResource,
    _ body: @escaping @Sendable (inout [String: String]) throws -> Void
  ) throws {
    switch resource {
    case .logGroup(let name): try changeGroup(name) { try body(&$0.tags) }
    case .lookupTable(let name):
      try write { editor in
        let document = try editor.store.document(kind: StoredLookupTable.kind, named: name)
        var table = try StoredLookupTable.found(document, name)
        try body(&table.tags)
        try editor.store.put(table.document)
      }
    }
  }

  /// Returns the tags of a resource.
  func tags(of resource: TaggedResource) throws -> AWSReply {
    let tags: [String: String]
    switch resource {
    case .logGroup(let name):
      guard let found = try withEngine({ try $0.logGroup(named: name) }) else {
        throw AWSError.logGroupMissing
      }
      tags = found.properties.tags
    case .lookupTable(let name):
      tags = try withEngine { try StoredLookupTable.stored(named: name, in: $0) }.tags
    }
    return .json(["tags": .object(JSONObject(tags))])
  }
}

extension JSONObject {
  /// Makes an object of texts, sorted by name.
  init(_ texts: [String: String]) {
    self.init()
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) { self[name] = .string(text) }
  }
}
