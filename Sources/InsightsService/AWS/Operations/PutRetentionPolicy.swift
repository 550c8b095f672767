internal import InsightsStore

/// Saves the retention period of a group.
///
/// No events are deleted.
enum PutRetentionPolicy: AWSOperation {
  static let name = "PutRetentionPolicy"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName), .required("retentionInDays", .integer),
  ]

  private static let days: [Int64] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288,
    3653,
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let days = request.integer("retentionInDays") ?? 0
    guard Self.days.contains(days) else {
      let set = Self.days.map { "\($0)" }.joined(separator: ", ")
      throw AWSError.invalidParameter(
        "1 validation error detected: Value '\(days)' at 'retentionInDays' failed to satisfy "
          + "constraint: Member must satisfy enum value set: [\(set)]")
    }
    try service.changeGroup(request.required("logGroupName")) { $0.retentionInDays = Int(days) }
    return .empty
  }
}
