internal import InsightsText

extension FailureCause {
  /// Lambda stopped the function at the function's own timeout.
  static let functionTimeout = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .function,
    matches: { fault in
      fault.invocation?.hasTimedOut == true || fault.invocation?.status == "timeout"
        || fault.error?.type == AWSMessages.ErrorType.timedOut
        || fault.gateway?.failure(with: AWSMessages.Gateway.functionError)?
          .includes(AWSMessages.Platform.timedOut) == true
    },
    title: { _ in "Lambda timeout: the function was stopped at its own limit" },
    evidence: { fault in
      var evidence: [String] = []
      if let duration = fault.invocation?.duration {
        evidence.append("stopped after \(milliseconds(duration))")
      }
      if fault.isSlow, fault.gateway == nil {
        evidence.append(
          "it ran longer than \(seconds(fault.shownLimit)): a caller behind a gateway with that "
            + "limit had been answered \(fault.isBehindHTTPAPI ? 503 : 504) by then")
      }
      if let used = fault.invocation?.memoryUsed, let size = fault.invocation?.memorySize,
        used >= size
      {
        evidence.append("memory used \(used) of \(size) MB: it may have been short of memory")
      }
      return evidence
    },
    advice: { fault in
      "See in the request's last line before the end what it waited for, and give that call a "
        + "shorter timeout than the function has, with a retry or a fallback. Raise the "
        + "function's timeout only if the work is meant to take so long, and keep it below the "
        + "gateway's \(seconds(fault.shownLimit))."
    })
}
