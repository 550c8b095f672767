/// One failed or slow request, with everything in the logs that tells of it.
struct Fault: Sendable {
  var invocation: InvocationFact?
  /// The error that decided the request; the others are in its log lines.
  var error: ErrorFact?
  var throttle: ThrottleLine?
  var gateway: GatewayRequest?
  /// Whether the function is seen to stand behind an HTTP API, which maps faults its own way.
  var isBehindHTTPAPI = false
  /// The duration at which the gateway gives up, in milliseconds.
  var gatewayTimeout: Double

  var requestID: String? {
    invocation?.requestID ?? error?.requestID ?? throttle?.requestID ?? gateway?.lambdaRequestID
  }

  var function: String? {
    if let function = invocation?.function ?? error?.function ?? gateway?.function {
      return function
    }
    guard let throttle else { return nil }
    return FunctionName.of(logGroup: throttle.logGroup, logStream: throttle.logStream)
  }

  /// When it was first noticed, epoch milliseconds.
  var timestamp: Int64? {
    error?.timestamp ?? throttle?.timestamp ?? gateway?.last ?? invocation?.lastMoment
  }

  /// Whether the gateway says that it gave up waiting.
  var gatewayGaveUp: Bool {
    guard let gateway else { return false }
    if gateway.says("due to a timeout error") || gateway.says("Endpoint request timed out")
      || gateway.says("INTEGRATION_TIMEOUT") || gateway.inferredStatus == 504
    {
      return true
    }
    return gateway.api == .http && gateway.inferredStatus == 503
      && gateway.latency ?? 0 >= Self.httpAPILimit
  }

  /// Whether the caller waited so long that a gateway would have given up.
  var isSlow: Bool { (invocation?.total ?? 0) >= timeLimit }

  /// Milliseconds after which the gateway in front gives up.
  var timeLimit: Double {
    isBehindHTTPAPI ? max(gatewayTimeout, Self.httpAPILimit) : gatewayTimeout
  }

  /// An HTTP API waits 30 s at most; nobody can change that.
  static let httpAPILimit = 30_000.0
}
