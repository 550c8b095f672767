internal import InsightsText

extension FailureCause {
  /// Lambda refused a call for lack of concurrency.
  ///
  /// The gateway or the caller's log reports it.
  static let throttle = FailureCause(
    status: 503, httpAPIStatus: 503, grouping: .function, isThrottle: true,
    matches: { fault in
      if fault.throttle != nil { return true }
      if fault.gateway?.isThrottled == true { return true }
      return fault.error?.isThrottle == true
        && (fault.invocation == nil || fault.error?.kind != "platform")
    },
    title: { fault in
      fault.isRefusedCall
        ? "throttled: a call was refused, \(reason(of: fault).rawValue)"
        : "throttled: the function was refused, \(reason(of: fault).rawValue)"
    },
    evidence: { fault in
      guard fault.gateway?.inferredStatus == nil else {
        return ["a REST API answers a throttled function with 500, an HTTP API with 503"]
      }
      var evidence = ["500 behind a REST proxy, 503 behind an HTTP API or a load balancer"]
      if fault.invocation?.status == "error" {
        evidence.append("the caller itself failed of it: whoever called it got a 502")
      }
      return evidence
    },
    advice: { fault in
      let first =
        switch reason(of: fault) {
        case .reservedConcurrency:
          "Raise the reserved concurrency of the function that was called, or remove it: "
            + "it is lower than the calls that overlap."
        case .accountConcurrency:
          "Ask for a higher concurrency quota of the account, and give functions that must not "
            + "starve a reserved concurrency."
        case .requestRate:
          "Spread the calls: a function takes ten requests a second per unit of concurrency, and "
            + "the account's API has a rate limit of its own."
        case .unspecified:
          "Compare the peak of overlapping invocations with the function's reserved concurrency "
            + "and the account's quota (1,000 by default), and raise the lower one; with "
            + "provisioned concurrency check that its alias is the one called and that it is not "
            + "all of the reserved one."
        }
      return first
        + " Shorten slow invocations, which hold concurrency, and let callers retry with backoff "
        + "or put a queue between."
    })

  private static func reason(of fault: Fault) -> ThrottleReason {
    let texts =
      [fault.throttle?.message, fault.error?.message].compactMap { $0 }
      + (fault.gateway?.failures ?? [])
    return ThrottleReason(in: texts.joined(separator: "\n"))
  }
}

extension GatewayRequest {
  private typealias Phrases = AWSMessages.Gateway

  /// Whether Lambda refused the gateway's call.
  var isThrottled: Bool {
    failures.contains { failure in
      failure.includes("\(Phrases.invocationFailed)\(Phrases.refusedStatus)")
        || failure.includes(Self.refusedIntegration)
        || failure.includes(AWSMessages.Throttle.accountConcurrency)
        || AWSMessages.Throttle.gatewayWords.contains { failure.includes($0) }
    }
  }
}
