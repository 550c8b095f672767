internal import InsightsEngine
internal import InsightsStore
internal import InsightsText

/// Lists the log groups that match a pattern of up to five alternatives: `^/aws/lambda|orders`.
enum ListLogGroups: AWSOperation {
  static let name = "ListLogGroups"
  static let members: [Member] = [
    .optional(
      "logGroupNamePattern",
      .string(
        3...129,
        pattern: #"(\^?[\.\-_\/#A-Za-z0-9]{3,24})(\|\^?[\.\-_\/#A-Za-z0-9]{3,24}){0,4}"#)),
    .optional("logGroupClass", .logGroupClass),
    .optional("includeLinkedAccounts", .boolean),
    .optional("accountIdentifiers", .accountIdentifiers),
    .optional("nextToken", .nextToken),
    .optional("limit", .integer(1...1000)),
    .optional(
      "dataSources",
      .list(1...5, of: .structure([.required("name", .string()), .optional("type", .string())]))),
    .optional("fieldIndexNames", .list(1...20, of: .logGroupName)),
    .optional(
      "logGroupTags",
      .list(
        1...5,
        of: .structure([
          .required("key", .tagKey),
          .optional(
            "values",
            .list(
              0...5,
              of: .string(0...259, pattern: #"^!?\*?([\p{L}\p{Z}\p{N}_.:/=+\-@]*)\*?$"#))),
        ]))),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    // Log groups have no data sources in the store; its field indexes apply to all log groups.
    let indexed = try service.withEngine { try $0.indexedFields() }
    let selectsNothing =
      request.array("dataSources") != nil
      || request.strings("fieldIndexNames")?.contains { !indexed.contains($0) } ?? false
    let tags = request.array("logGroupTags")?.compactMap(\.object) ?? []
    let alternatives = request.string("logGroupNamePattern")?.split(separator: "|")
    let groups = try service.catalogue().groups.filter { group in
      !selectsNothing && tags.allSatisfy { group.hasTag($0) }
        && request.string("logGroupClass") ?? group.logGroupClass == group.logGroupClass
        && alternatives?.contains { alternative in
          alternative.hasPrefix("^")
            ? group.name.hasPrefix(alternative.dropFirst()) : group.name.contains(alternative)
        } ?? true
    }
    let (page, nextToken) = try request.page(
      of: groups, limit: Int(request.integer("limit") ?? 50), key: \.name)
    var reply: JSONObject = [
      "logGroups": .array(
        page.map { group in
          [
            "logGroupName": .string(group.name),
            "logGroupArn": .string(group.resourceName(in: request.region).text),
            "logGroupClass": .string(group.logGroupClass),
          ]
        })
    ]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }
}

extension LogCatalogue.Group {
  /// Whether it has a tag with one of the values: `name`, `*part*`, or `!name` for any other value.
  fileprivate func hasTag(_ wanted: JSONObject) -> Bool {
    let value = properties.tags[wanted["key"]?.string ?? ""]
    let patterns = wanted["values"]?.array?.compactMap(\.string) ?? []
    guard !patterns.isEmpty else { return value != nil }
    return patterns.contains { pattern in
      guard pattern.hasPrefix("!") else { return Self.matches(value, pattern[...]) }
      return !Self.matches(value, pattern.dropFirst())
    }
  }

  /// Whether a value matches a pattern; with a `*` at either end, the comparison ignores case.
  private static func matches(_ value: String?, _ pattern: Substring) -> Bool {
    guard pattern.contains("*") else { return value.map { $0 == pattern } ?? false }
    guard let value = value?.lowercased() else { return false }
    let isOpen = (start: pattern.hasPrefix("*"), end: pattern.hasSuffix("*"))
    let text = pattern.lowercased().drop { $0 == "*" }.prefix { $0 != "*" }
    return switch (isOpen.start, isOpen.end) {
    case (true, false): value.hasSuffix(text)
    case (false, true): value.hasPrefix(text)
    case (_, _): text.isEmpty || value.contains(text)
    }
  }
}
