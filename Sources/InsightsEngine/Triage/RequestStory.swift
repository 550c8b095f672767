/// Everything that the logs tell of one request.
public struct RequestStory: Sendable {
  /// Lambda's id of the request; `nil` where only the gateway knows it.
  public let requestID: String?
  public let gatewayRequestIDs: [String]
  public let xrayTraceID: String?
  /// Its attempts, in order; more than one for an asynchronous event that was retried.
  public let attempts: [InvocationFact]
  public let errors: [ErrorFact]
  /// What is wrong with it, by the incident guide; empty when nothing is.
  public let findings: [Finding]
  /// All of its log lines, in order.
  public let lines: [RequestLine]
  /// What the logs do not tell of it, a sentence each.
  public let limits: [String]
}

extension Engine {
  /// The story of a request by its Lambda or gateway id; `nil` when no log names it.
  ///
  /// - Throws: `StoreError` when the store cannot be read.
  public func story(of id: String, options: TriageOptions) throws -> RequestStory? {
    guard id.isIdentifier else { return nil }
    let mentions = try rows(
      of: """
        filter @requestId = "\(id)" or strcontains(@message, "\(id)")
        | fields @timestamp, @message, @log, @requestId | sort @timestamp asc | limit 10000
        """)
    var related = RelatedIDs(of: id)
    for row in mentions { related.read(row) }
    let groups = try groups(of: &related, options)
    var attempts = try invocations(of: related.lambda)
    let errors = try self.errors(TriageOptions()).filter {
      $0.requestID.map(related.lambda.contains) ?? false
    }
    guard !mentions.isEmpty || !attempts.isEmpty || !errors.isEmpty else { return nil }
    let lambdaID = attempts.first?.requestID ?? errors.first?.requestID ?? related.lambda.first
    attempts = attempts.filter { $0.requestID == lambdaID }
    let findings = try groups.map { try finding(of: $0, options) }
    return RequestStory(
      requestID: lambdaID, gatewayRequestIDs: related.gateway.sorted(),
      xrayTraceID: attempts.compactMap(\.xrayTraceID).first ?? related.xrayTraceID,
      attempts: attempts, errors: errors, findings: findings,
      lines: try requestLines(
        of: id, invocations: attempts, gatewayIDs: related.gateway,
        near: mentions.compactMap { $0.time("@timestamp") }.first),
      limits: Self.limits(attempts: attempts, related: related))
  }

  /// The faults of this request only, in order of time; takes over the ids that they add.
  private func groups(
    of related: inout RelatedIDs, _ options: TriageOptions
  ) throws -> [FaultGroup] {
    var groups: [FaultGroup] = []
    for var group in try diagnose(options).groups {
      group.faults = group.faults.filter { fault in
        fault.requestID.map(related.lambda.contains) ?? false
          || fault.gateway.map { related.gateway.contains($0.id) } ?? false
      }
      guard !group.faults.isEmpty else { continue }
      for fault in group.faults { related.add(fault) }
      groups.append(group)
    }
    func key(_ group: FaultGroup) -> (Int64, String) {
      (group.faults.compactMap(\.timestamp).min() ?? .min, group.title)
    }
    return groups.sorted { key($0) < key($1) }
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
      limits.append("No gateway line names it: which status its caller saw is inferred.")
    }
    if attempts.first?.start == nil, !attempts.isEmpty {
      limits.append("The log has no times: how its lines lie in time is unknown.")
    }
    if attempts.compactMap(\.xrayTraceID).isEmpty, related.xrayTraceID == nil {
      limits.append("It has no X-Ray trace id: active tracing was off, or it was not sampled.")
    }
    return limits
  }
}

/// The ids by which logs call one request.
private struct RelatedIDs {
  private(set) var lambda: Set<String>
  private(set) var gateway: Set<String> = []
  private(set) var xrayTraceID: String?
  private let id: String

  init(of id: String) {
    self.id = id
    lambda = [id]
  }

  /// Takes the ids of a fault that is this request's.
  mutating func add(_ fault: Fault) {
    if let id = fault.requestID { lambda.insert(id) }
    if let id = fault.gateway?.id { gateway.insert(id) }
  }

  /// Takes the ids from a line that has the one asked for.
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
