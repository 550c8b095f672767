/// What is true of an incident, request by request, and what follows for triage.
public struct IncidentTruth: Sendable {
  /// One request.
  public struct Request: Sendable {
    public var fate: Incident.Fate
    /// Lambda's id; also of a request whose function was not called, in whose logs it does not stand.
    public var id: String
    /// The gateway's id; `nil` where there are no logs of a gateway.
    public var gatewayID: String?
    /// When its invocation began, or would have, epoch milliseconds.
    public var start: Int64
    /// Milliseconds, without init; 0 where no function was called.
    public var duration: Double
    /// Milliseconds of a cold start.
    public var initDuration: Double?
    /// When its failure was noticed: the time of the error, or of the last line that tells of it.
    public var noticed: Int64

    /// The function that was called, or would have been.
    public var function: String { fate.function }
    /// When its invocation was over: the time of its REPORT.
    public var end: Int64 { start + Int64(duration.rounded(.up)) }
  }

  /// What triage must say of requests with the same status, cause and function.
  public struct Finding: Hashable, Sendable {
    public var status: Int
    public var cause: String
    /// Those charged; empty where the logs do not say.
    public var functions: [String]
    /// Those whose call was refused; empty where the logs do not say, and for all but throttles.
    public var callers: [String]
    public var count: Int
    /// Epoch milliseconds.
    public var first: Int64
    public var last: Int64
  }

  public let options: Incident.Options
  /// In order of their arrival.
  public let requests: [Request]

  /// How many requests had this fate.
  public func count(_ fate: Incident.Fate) -> Int { requests.count { $0.fate == fate } }

  /// The requests whose function ran.
  public var invocations: [Request] { requests.filter(\.fate.isInvoked) }

  /// Requests that failed.
  public var failedCount: Int { requests.count { $0.fate != .healthy } }

  /// Calls that Lambda refused, by the function that was called; `""`: the logs do not say.
  public var throttledCalls: [String: Int] {
    var counts: [String: Int] = [:]
    for request in requests where request.fate.isThrottle {
      let isKnown = request.fate == .refusedCall || options.gateway == .rest
      counts[isKnown ? Incident.Fate.throttledFunction : "", default: 0] += 1
    }
    return counts
  }

  /// The findings, in no particular order.
  public var findings: [Finding] {
    var findings: [Key: Finding] = [:]
    for request in requests {
      let fate = request.fate
      guard let cause = fate.cause(behind: options.gateway) else { continue }
      let key = Key(
        status: fate.status(behind: options.gateway), cause: cause, function: charged(fate))
      var finding =
        findings[key]
        ?? Finding(
          status: key.status, cause: cause, functions: [key.function].compactMap { $0 },
          callers: caller(fate).map { [$0] } ?? [], count: 0, first: request.noticed,
          last: request.noticed)
      finding.count += 1
      finding.first = min(finding.first, request.noticed)
      finding.last = max(finding.last, request.noticed)
      findings[key] = finding
    }
    return Array(findings.values)
  }

  private struct Key: Hashable {
    var status: Int
    var cause: String
    var function: String?
  }

  /// The function that a finding names, as far as the logs tell.
  private func charged(_ fate: Incident.Fate) -> String? {
    switch fate {
    case .refusedCall: Incident.Fate.throttledFunction
    case .badRequest, .forbidden: nil
    case .refused: options.gateway == .rest ? fate.function : nil
    default: knowsFunctions ? fate.function : nil
    }
  }

  private func caller(_ fate: Incident.Fate) -> String? {
    fate == .refusedCall && knowsFunctions ? fate.function : nil
  }

  /// The log group names the function, and so does the integration URI of an execution log.
  private var knowsFunctions: Bool { options.namesGroups || options.gateway == .rest }
}
