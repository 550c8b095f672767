extension FailureCause {
  /// The gateway failed, and its lines contain no reason that another cause matches.
  static let serviceUnavailable = FailureCause(
    status: 503, httpAPIStatus: 503, grouping: .gatewayMessage,
    matches: { $0.gateway?.inferredStatus != nil },
    title: { fault in
      switch fault.gateway?.inferredStatus {
      case 503: "service unavailable: the integration could not be reached, or was throttled"
      case let status?: "gateway error \(status)"
      case nil: "gateway error"
      }
    },
    advice: { fault in
      if fault.gateway?.api == .http, fault.gateway?.inferredStatus == 503 {
        return "An HTTP API answers 503 when Lambda throttles the function or after 30 s: compare "
          + "the peak of overlapping invocations with the concurrency limits, and the duration "
          + "with 30 s; add $context.integrationErrorMessage to the access log for the reason."
      }
      return "Add $context.error.message, $context.integrationErrorMessage and "
        + "$context.integrationRequestId to the access log, and turn on execution logging: these "
        + "lines do not give the reason."
    })
}
