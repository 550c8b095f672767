extension FailureCause {
  /// The gateway reports that it gave up waiting for the function.
  static let gatewayTimeout = FailureCause(
    status: 504, httpAPIStatus: 503, grouping: .function,
    matches: { $0.gatewayHasTimedOut },
    title: timeoutTitle, evidence: timeoutEvidence, advice: timeoutAdvice)

  /// The function answered after the gateway's timeout.
  ///
  /// The function's own log does not show that the caller was gone.
  static let slowResponse = FailureCause(
    status: 504, httpAPIStatus: 503, grouping: .function,
    matches: { $0.isSlow },
    title: timeoutTitle, evidence: timeoutEvidence, advice: timeoutAdvice)

  /// Whether the function would have been in time without the cold start.
  private static func isOfColdStart(_ fault: Fault) -> Bool {
    guard let invocation = fault.invocation, let duration = invocation.duration else {
      return false
    }
    return invocation.coldStart ?? 0 > 0 && duration < fault.timeLimit
  }

  private static let timeoutTitle: @Sendable (Fault) -> String = { fault in
    let limit = "the gateway's limit of \(seconds(fault.shownLimit)) was reached"
    if isOfColdStart(fault) { return "integration timeout: \(limit) by cold start and processing" }
    return "integration timeout: \(limit)"
  }

  private static let timeoutEvidence: @Sendable (Fault) -> [String] = { fault in
    guard let invocation = fault.invocation, let duration = invocation.duration else {
      return ["no invocation in the logs belongs to it: its log group may not be in the store"]
    }
    var evidence: [String] = []
    if let cold = invocation.coldStart, cold > 0 {
      evidence.append(
        "cold start \(milliseconds(cold)) + duration \(milliseconds(duration)) = "
          + "\(milliseconds(cold + duration)), limit \(milliseconds(fault.shownLimit))")
    } else {
      evidence.append(
        "duration \(milliseconds(duration)), limit \(milliseconds(fault.shownLimit))")
    }
    if fault.gateway == nil {
      evidence.append(
        "no line of a gateway shows it: the status holds for callers behind an API with this limit")
    } else if fault.gateway?.lambdaRequestID == nil {
      evidence.append(
        "the gateway's lines name no Lambda request; this one is of the same function and time")
    }
    return evidence
  }

  private static let timeoutAdvice: @Sendable (Fault) -> String = { fault in
    if isOfColdStart(fault) {
      return
        "Take the cold start away (provisioned concurrency, SnapStart, a smaller package, less "
        + "work before the handler) and then shorten the processing: together they must stay "
        + "below \(seconds(fault.shownLimit))."
    }
    return "See in the request's own lines what it waited for, and give that call a timeout well "
      + "below \(seconds(fault.shownLimit)); set the function's timeout below the gateway's, so "
      + "that it fails with a reason; do long work asynchronously (202 and a queue)."
      + (fault.isBehindHTTPAPI
        ? "" : " A regional REST API's integration timeout can be raised by quota.")
  }
}

extension Fault {
  /// The limit to show; an HTTP API's limit is fixed.
  var shownLimit: Double { isBehindHTTPAPI ? Self.httpAPILimit : gatewayTimeout }
}
