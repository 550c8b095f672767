internal import InsightsText

/// One failed or slow request, with everything in the logs about it.
struct Fault: Sendable {
  var invocation: InvocationFact?
  /// The error that decided the request's outcome; other errors are only in its log lines.
  var error: ErrorFact?
  var throttle: ThrottleLine?
  var gateway: GatewayRequest?
  /// The function whose concurrency was exhausted, if the log of a caller names it.
  var called: String?
  /// Whether the function seems to be behind an HTTP API, which maps faults to other statuses.
  var isBehindHTTPAPI = false
  /// The gateway's timeout in milliseconds.
  var gatewayTimeout: Double

  var requestID: String? {
    invocation?.requestID ?? error?.requestID ?? throttle?.requestID ?? gateway?.lambdaRequestID
  }

  var function: String? {
    if let function = invocation?.function ?? error?.function ?? gateway?.function {
      return function
    }
    return throttle?.function
  }

  /// Whether the log of a caller reports that Lambda refused its call.
  var isRefusedCall: Bool { throttle != nil || error?.isThrottle == true }

  /// The function at fault: that of a refused call if the caller names it, otherwise its own.
  var chargedFunction: String? { isRefusedCall ? called ?? function : function }

  /// When it was first logged, in epoch milliseconds.
  var timestamp: Int64? {
    error?.timestamp ?? throttle?.timestamp ?? gateway?.last ?? invocation?.lastMoment
  }

  /// Whether the gateway reports that it gave up waiting.
  var gatewayHasTimedOut: Bool { gateway?.hasTimedOut == true }

  /// Whether the caller waited longer than a gateway's timeout.
  var isSlow: Bool { (invocation?.total ?? 0) >= timeLimit }

  /// The timeout of the gateway in milliseconds.
  var timeLimit: Double {
    Self.timeLimit(isBehindHTTPAPI: isBehindHTTPAPI, gatewayTimeout: gatewayTimeout)
  }

  static func timeLimit(isBehindHTTPAPI: Bool, gatewayTimeout: Double) -> Double {
    isBehindHTTPAPI ? max(gatewayTimeout, httpAPILimit) : gatewayTimeout
  }

  /// An HTTP API waits for at most 30 s; this limit is fixed.
  static let httpAPILimit = AWSMessages.Limit.httpAPI
}
