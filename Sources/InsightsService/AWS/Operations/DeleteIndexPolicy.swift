internal import InsightsEngine
internal import InsightsText

/// Removes the index policy of a log group.
///
/// Its indexes are kept, as they are for some time on AWS: other groups and users may need them.
enum DeleteIndexPolicy: AWSOperation {
  static let name = "DeleteIndexPolicy"
  static let isWriting = true
  static let members: [Member] = [.required("logGroupIdentifier", .logGroupIdentifier)]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let name = try service.withEngine {
      try request.existingLogGroup(request.required("logGroupIdentifier"), in: $0)
    }
    let wasThere = try service.removeDocument(kind: IndexPolicy.kind, named: name)
    guard wasThere else {
      throw AWSError.notFound("The log group has no index policy.")
    }
    return .empty
  }
}
