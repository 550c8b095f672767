/// A row of the incident guide: what went wrong, how to recognise it, the status for callers, and
/// what to change.
///
/// A new cause is one file in `Causes/` and one line in `FailureCauseRegistry`.
struct FailureCause: Sendable {
  /// The properties by which faults of this cause are combined to findings.
  enum Grouping: Sendable {
    /// The fingerprint of the error, regardless of the function.
    case fingerprint
    /// The function.
    case function
    /// The function and the gateway's message.
    case gatewayMessage
  }

  /// The status behind a REST API, or if the logs show no gateway.
  let status: Int
  /// The status behind an HTTP API.
  let httpAPIStatus: Int
  let grouping: Grouping
  /// Whether a call was refused because of too many others.
  var isThrottle = false
  /// Whether a fault has this cause; earlier ones of the registry have been excluded.
  let matches: @Sendable (Fault) -> Bool
  /// The cause in a few words, equal for all faults of a finding.
  let title: @Sendable (Fault) -> String
  /// Evidence specific to this cause, one sentence each.
  var evidence: @Sendable (Fault) -> [String] = { _ in [] }
  /// Advice on what to change.
  let advice: @Sendable (Fault) -> String

  /// Returns the status that the caller received, or would receive.
  ///
  /// The status in the gateway's log has priority, unless it passed a failure on as a success.
  func status(of fault: Fault) -> Int {
    if let status = fault.gateway?.inferredStatus, status >= 400 { return status }
    return fault.isBehindHTTPAPI ? httpAPIStatus : status
  }

  /// Two faults form one finding if status, title and this key are equal.
  func groupKey(of fault: Fault) -> String {
    switch grouping {
    case .fingerprint: fault.error?.fingerprint ?? fault.function ?? ""
    case .function: fault.chargedFunction ?? ""
    case .gatewayMessage:
      "\(fault.function ?? fault.gateway?.route ?? "") \(fault.gateway?.failures.first ?? "")"
    }
  }
}
