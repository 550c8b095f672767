/// The true facts about an incident, request by request, and the findings that follow from them.
public struct IncidentTruth: Sendable {
  /// One request.
  public struct Request: Sendable {
    /// The outcome.
    public var fate: Incident.Fate
    /// Lambda's request id; also set if the function was not called, in which case no log contains
    /// it.
    public var id: String
    /// The gateway's request id; `nil` if there are no gateway logs.
    public var gatewayID: String?
    /// When its invocation began, or would have, in epoch milliseconds.
    public var start: Int64
    /// In milliseconds, without init; 0 if no function was called.
    public var duration: Double
    /// The duration of a cold start in milliseconds.
    public var initDuration: Double?
    /// When its failure was logged: the time of the error, or of the last line that shows it.
    public var noticed: Int64

    /// The function that was called, or would have been.
    public var function: String { fate.function }
    /// When its invocation ended: the time of its REPORT.
    public var end: Int64 { start + Int64(duration.rounded(.up)) }
  }

  /// What triage must report about the requests with the same status, cause and function.
  public struct Finding: Hashable, Sendable {
    /// The HTTP status.
    public var status: Int
    /// The cause in the words of triage.
    public var cause: String
    /// The functions at fault; empty if the logs do not contain them.
    public var functions: [String]
    /// The functions whose call was refused; empty if the logs do not contain them, and for
    /// anything but throttles.
    public var callers: [String]
    /// The number of requests.
    public var count: Int
    /// The time of the first fault, in epoch milliseconds.
    public var first: Int64
    /// The time of the last fault, in epoch milliseconds.
    public var last: Int64
  }

  /// The options of the incident.
  public let options: Incident.Options
  /// In order of arrival.
  public let requests: [Request]

  /// Returns the number of requests with an outcome.
  public func count(_ fate: Incident.Fate) -> Int { requests.count { $0.fate == fate } }

  /// The requests whose function ran.
  public var invocations: [Request] { requests.filter(\.fate.isInvoked) }

  /// The number of failed requests.
  public var failedCount: Int { requests.count { $0.fate != .healthy } }

  /// The number of calls that Lambda refused, by the called function; `""` if the logs do not
  /// contain it.
  public var throttledCalls: [String: Int] {
    var counts: [String: Int] = [:]
    for request in requests where request.fate.isThrottle {
      let isKnown = request.fate == .refusedCall || options.gateway == .rest
      counts[isKnown ? Incident.Fate.throttledFunction : "", default: 0] += 1
    }
    return counts
  }

  /// The findings, in unspecified order.
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

  /// The function that a finding names, as far as the logs contain it.
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

  /// Whether the logs name the functions: the log group does, and so does the integration URI of an
  /// execution log.
  private var knowsFunctions: Bool { options.namesGroups || options.gateway == .rest }
}
