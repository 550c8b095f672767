internal import InsightsText

/// Stops a query; the rows that it has returned so far can still be read.
enum StopQuery: AWSOperation {
  static let name = "StopQuery"
  static let members: [Member] = [.required("queryId", .string(1...256))]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let query = try request.query(in: service)
    guard query.cancel() else {
      throw AWSError.invalidParameter(
        "Query is not in Running or Scheduled state (status: \(query.status.rawValue))")
    }
    return .json(["success": true])
  }
}
