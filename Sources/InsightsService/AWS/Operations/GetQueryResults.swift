internal import InsightsModel
internal import InsightsText

/// Returns the rows of a query, in pages, with its state.
enum GetQueryResults: AWSOperation {
  static let name = "GetQueryResults"
  static let members: [Member] = [
    .required("queryId", .string(1...256)),
    .optional("nextToken", .string(0...1024)),
    .optional("maxItems", .integer(0...10_000)),
  ]

  /// How long to wait for a query that has just started: pollers wait longer before the next call,
  /// or stop at any state other than `Running`.
  private static let firstWait = Duration.milliseconds(200)
  private static let pageSize = 10_000

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let query = try request.query(in: service)
    query.waitAtFirst(firstWait)
    // Read the state first: the rows that it announces are then available.
    let status = query.status
    let first = try place(in: request)
    let count = query.rows.count
    let last = min(first + Int(request.integer("maxItems") ?? Int64(pageSize)), count)
    let head = Array(#"{"queryLanguage":"CWLI","results":["#.utf8)
    var tail = Array(#"],"statistics":"#.utf8)
    JSONValue.object(query.statistics.json(resultCount: count)).append(to: &tail)
    tail += Array(#","status":"\#(status.rawValue)""#.utf8)
    if status != .running, last < count {
      tail += Array(#","nextToken":"\#(PageToken.text(of: "\(last)", for: request))""#.utf8)
    }
    tail.append(UInt8(ascii: "}"))
    return .document(
      Reply.rows(query.rows, min(first, last)..<last, between: head, and: tail))
  }

  /// The number of the first row of the page.
  private static func place(in request: AWSRequest) throws(AWSError) -> Int {
    guard let text = try PageToken.place(in: request) else { return 0 }
    guard let place = Int(text), place >= 0 else { throw .invalidToken }
    return place
  }
}

extension QueryStatistics {
  /// The seven members that clients read, as doubles as in the API.
  func json(resultCount: Int) -> JSONObject {
    func double(_ count: Int64) -> JSONValue { .number("\(count).0") }
    return [
      "recordsMatched": double(matchedCount), "recordsScanned": double(scannedCount),
      "estimatedRecordsSkipped": double(skippedCount), "bytesScanned": double(scannedBytes),
      "estimatedBytesSkipped": double(skippedBytes), "logGroupsScanned": double(logGroupCount),
      "resultCount": double(Int64(resultCount)),
    ]
  }
}

extension AWSRequest {
  /// Returns the query named by `queryId`.
  ///
  /// - Throws: `AWSError` if it is unknown.
  func query(in service: LogService) throws(AWSError) -> ServedQuery {
    let id = required("queryId")
    guard let query = service.queries.query(id) else {
      throw .notFound("Query '\(id)' does not exist, or its results are kept no more.")
    }
    return query
  }
}
