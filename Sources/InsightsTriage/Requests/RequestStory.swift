public import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Everything in the logs about one request.
public struct RequestStory: Sendable {
  /// Lambda's id of the request; `nil` if only the gateway knows it.
  public let requestID: String?
  /// The ids of the gateway's requests.
  let gatewayRequestIDs: [String]
  /// The id of its X-Ray trace.
  let xrayTraceID: String?
  /// Its attempts, in order; several for an asynchronous event that was retried.
  let attempts: [InvocationFact]
  /// Its errors, in order of time.
  let errors: [ErrorFact]
  /// Its findings by the incident guide; empty if nothing is wrong.
  public let findings: [Finding]
  /// All of its log lines, in order.
  let lines: [RequestLine]
  /// The limits of the story, one sentence each: facts that the logs do not contain.
  public let limits: [String]
}

extension Engine {
  /// Returns the story of a request by its Lambda or gateway id; `nil` if no log contains it.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func story(of id: String, options: TriageOptions) throws -> RequestStory? {
    guard id.isIdentifier else { return nil }
    let mentioned = "filter @requestId = \"\(id)\" or strcontains(@message, \"\(id)\")"
    let mentions = try rows(
      of: """
        \(mentioned) | fields @timestamp, @message, @log, @requestId | sort @timestamp asc
        | limit \(Self.mentionLimit)
        """)
    var related = RelatedIDs(of: id)
    for row in mentions { related.read(row) }
    var times = mentions.compactMap { $0.time("@timestamp") }
    if mentions.count == Self.mentionLimit {
      times += try rows(of: "\(mentioned) | stats max(@timestamp) as last").compactMap {
        $0.time("last")
      }
    }
    let surroundings = Self.surroundings(of: times)
    let findings = try findings(of: &related, surroundings, options)
    let lambdaIDs = related.lambda.sorted()
    let requests = lambdaIDs.map { RequestID($0) }
    var attempts = ResultRow.rows(
      of: try store.invocations(
        ids: store.invocationIDs(ofRequests: requests, in: surroundings))
    ).map { InvocationFact($0) }
    let errors = ResultRow.rows(
      of: try store.errors(ids: store.errorIDs(ofRequests: requests))
    ).map { ErrorFact($0) }
    guard !mentions.isEmpty || !attempts.isEmpty || !errors.isEmpty else { return nil }
    let lambdaID = attempts.first?.requestID ?? errors.first?.requestID ?? lambdaIDs.first
    attempts = attempts.filter { $0.requestID == lambdaID }
    return RequestStory(
      requestID: lambdaID, gatewayRequestIDs: related.gateway.sorted(),
      xrayTraceID: attempts.compactMap(\.xrayTraceID).first ?? related.xrayTraceID,
      attempts: attempts, errors: errors, findings: findings,
      lines: try requestLines(
        of: id, invocations: attempts, gatewayIDs: related.gateway, near: times.first),
      limits: Self.limits(attempts: attempts, related: related))
  }

  /// The maximum number of lines with the id that are searched for its other ids.
  private static let mentionLimit = 10_000

  /// Returns the range that contains all facts of a request with lines at these times, and of
  /// others that might be mistaken for it.
  private static func surroundings(of times: [Int64]) -> TimeRange {
    guard let first = times.min(), let last = times.max() else { return .everything }
    // A gateway may have given up as much as 15 minutes before its function.
    return TimeRange(start: first - 60_000, end: last + 960_000)
  }

  /// Returns the findings of this request, in order of time, and adds the ids in its faults.
  private func findings(
    of related: inout RelatedIDs, _ range: TimeRange, _ options: TriageOptions
  ) throws -> [Finding] {
    var options = options
    options.timeRange = range
    // An HTTP API is recognised by requests of the day around this one.
    let day = TimeRange(
      start: range.start.map { $0 - 43_200_000 }, end: range.end.map { $0 + 43_200_000 })
    let lambda = Set(related.lambda.map { RequestKey($0) })
    let gateway = Set(related.gateway.map { RequestID($0) })
    let diagnosis = try diagnose(options, calledOnly: lambda, httpAPIsIn: day)
    func isOfRequest(_ record: FaultRecord) -> Bool {
      lambda.contains(record.request)
        || record.gateway >= 0
          && gateway.contains(diagnosis.assembler.gateways[Int(record.gateway)].id)
    }
    for record in diagnosis.assembler.faults where isOfRequest(record) {
      related.add(try fault(record, of: diagnosis))
    }
    let groups = try diagnosis.groups(where: isOfRequest) { try fault($0, of: diagnosis) }
    func key(_ group: Diagnosis.Group) -> (Int64, String) { (group.first ?? .min, group.title) }
    return try groups.sorted { key($0) < key($1) }.map { try finding(of: $0, diagnosis, options) }
  }

  private static func limits(attempts: [InvocationFact], related: RelatedIDs) -> [String] {
    var limits: [String] = []
    if attempts.isEmpty {
      limits.append(
        "No invocation of it is in the logs: the function was not called, or its log group is not "
          + "in the store.")
    }
    if attempts.last?.status == "incomplete" {
      limits.append(
        "It has a START and no end: it still ran when the log ends, or lines are missing.")
    }
    if related.gateway.isEmpty {
      limits.append(
        "No line of a gateway contains it: the status that its caller received is inferred.")
    }
    if attempts.first?.start == nil, !attempts.isEmpty {
      limits.append("The log has no times: when its lines were written is unknown.")
    }
    if attempts.compactMap(\.xrayTraceID).isEmpty, related.xrayTraceID == nil {
      limits.append("It has no X-Ray trace id: active tracing was off, or it was not sampled.")
    }
    return limits
  }
}

/// The ids that identify one request in logs.
private struct RelatedIDs {
  private(set) var lambda: Set<String>
  private(set) var gateway: Set<String> = []
  private(set) var xrayTraceID: String?
  private let id: String

  init(of id: String) {
    self.id = id
    lambda = [id]
  }

  /// Adds the ids in a fault of this request.
  mutating func add(_ fault: Fault) {
    if let id = fault.requestID { lambda.insert(id) }
    if let id = fault.gateway?.id { gateway.insert(id) }
  }

  /// Adds the ids in a line with the requested id.
  mutating func read(_ row: ResultRow) {
    guard let message = row.text("@message") else { return }
    if message.hasPrefix("("), let close = message.firstIndex(of: ")") {
      let gatewayID = String(message[message.index(after: message.startIndex)..<close])
      guard gatewayID.utf8.count == 36 else { return }
      gateway.insert(gatewayID)
      for marker in ["AWS Integration Endpoint RequestId :", "Lambda request id:"] {
        if let lambdaID = message.value(after: marker), lambdaID.isIdentifier {
          lambda.insert(lambdaID)
        }
      }
      if gatewayID == id { lambda.remove(id) }
    } else if message.hasPrefix("{"), message.includes("integrationRequestId"),
      let gatewayID = message.value(after: "\"requestId\":", upTo: { $0 == "," })
    {
      // A JSON access record has both.
      gateway.insert(gatewayID.filter { $0 != "\"" })
      if let lambdaID = message.value(after: "\"integrationRequestId\":", upTo: { $0 == "," }) {
        let lambdaID = lambdaID.filter { $0 != "\"" && $0 != "}" }
        if lambdaID.isIdentifier, lambdaID != "-" { lambda.insert(lambdaID) }
      }
      if gateway.contains(id) { lambda.remove(id) }
    }
    if let trace = message.value(after: "XRAY TraceId:")
      ?? message.value(
        after: "Root=",
        upTo: {
          $0 == ";" || $0 == "," || $0 == "}" || $0 == "\""
        })
    {
      xrayTraceID = xrayTraceID ?? trace
    }
  }
}
