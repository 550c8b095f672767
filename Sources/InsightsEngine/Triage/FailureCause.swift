/// A row of the incident guide: what went wrong, how to know it, which status callers get, and what to
/// change.
///
/// A new cause is one file under `Causes/` and one line in `FailureCauseRegistry`.
struct FailureCause: Sendable {
  /// What makes two faults of this cause the same finding.
  enum Grouping: Sendable {
    /// The fingerprint of the error, whichever function raised it.
    case fingerprint
    /// The function.
    case function
    /// The function and the gateway's own words.
    case gatewayMessage
  }

  /// The status behind a REST API, or where the logs show no gateway.
  let status: Int
  /// The status behind an HTTP API.
  let httpAPIStatus: Int
  let grouping: Grouping
  /// Whether it is that a call was refused for the number of others.
  var isThrottle = false
  /// Whether a fault has this cause, given that no earlier one of the registry has it.
  let matches: @Sendable (Fault) -> Bool
  /// The cause in a few words, the same for all faults of a finding.
  let title: @Sendable (Fault) -> String
  /// Facts that only this cause looks at, a sentence each.
  var evidence: @Sendable (Fault) -> [String] = { _ in [] }
  /// What to change.
  let advice: @Sendable (Fault) -> String

  /// The status that the caller saw, or would see.
  ///
  /// What the gateway itself logged always wins, but where it passed a failure on as a success.
  func status(of fault: Fault) -> Int {
    if let status = fault.gateway?.inferredStatus, status >= 400 { return status }
    return fault.isBehindHTTPAPI ? httpAPIStatus : status
  }

  /// Two faults are one finding when status, title and this are the same.
  func groupKey(of fault: Fault) -> String {
    switch grouping {
    case .fingerprint: fault.error?.fingerprint ?? fault.function ?? ""
    case .function: fault.chargedFunction ?? ""
    case .gatewayMessage:
      "\(fault.function ?? fault.gateway?.route ?? "") \(fault.gateway?.failures.first ?? "")"
    }
  }
}
