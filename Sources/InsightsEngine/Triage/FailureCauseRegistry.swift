/// The causes that triage tells apart.
enum FailureCauseRegistry {
  /// The one list, in the order in which they are tried: what the gateway says before what the
  /// function says, the particular before the general.
  static let all: [FailureCause] = [
    .throttle, .permission, .malformedResponse, .gatewayTimeout, .misconfiguredIntegration,
    .requestFormat, .outOfMemory, .functionTimeout, .failedInit, .crash, .unhandledException,
    .slowResponse, .loggedError, .answeredByFunction, .serviceUnavailable,
  ]

  /// The cause of a fault; `nil` when the logs do not tell.
  static func cause(of fault: Fault) -> FailureCause? {
    all.first { $0.matches(fault) }
  }
}
