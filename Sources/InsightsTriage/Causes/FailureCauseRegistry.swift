/// The causes that triage distinguishes.
enum FailureCauseRegistry {
  /// The registry, in the order of matching: the gateway's messages before the function's, specific
  /// causes before general ones.
  static let all: [FailureCause] = [
    .throttle, .permission, .malformedResponse, .gatewayTimeout, .misconfiguredIntegration,
    .requestFormat, .outOfMemory, .functionTimeout, .failedInit, .crash, .unhandledException,
    .slowResponse, .loggedError, .answeredByFunction, .serviceUnavailable,
  ]

  /// Returns the cause of a fault; `nil` if the logs do not show it.
  static func cause(of fault: Fault) -> FailureCause? {
    all.first { $0.matches(fault) }
  }
}
