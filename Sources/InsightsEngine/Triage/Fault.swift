internal import InsightsText

/// One failed or slow request, with everything in the logs that tells of it.
struct Fault: Sendable {
  var invocation: InvocationFact?
  /// The error that decided the request; the others are in its log lines.
  var error: ErrorFact?
  var throttle: ThrottleLine?
  var gateway: GatewayRequest?
  /// The function whose concurrency was used up, where the log of a caller names it.
  var called: String?
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
    return throttle?.function
  }

  /// Whether the log of a caller tells that Lambda refused its call.
  var isRefusedCall: Bool { throttle != nil || error?.isThrottle == true }

  /// The function to look at: that of a refused call where the caller names it, else its own.
  var chargedFunction: String? { isRefusedCall ? called ?? function : function }

  /// When it was first noticed, epoch milliseconds.
  var timestamp: Int64? {
    error?.timestamp ?? throttle?.timestamp ?? gateway?.last ?? invocation?.lastMoment
  }

  /// Whether the gateway says that it gave up waiting.
  var gatewayGaveUp: Bool { gateway?.gaveUp == true }

  /// Whether the caller waited so long that a gateway would have given up.
  var isSlow: Bool { (invocation?.total ?? 0) >= timeLimit }

  /// Milliseconds after which the gateway in front gives up.
  var timeLimit: Double {
    Self.timeLimit(isBehindHTTPAPI: isBehindHTTPAPI, gatewayTimeout: gatewayTimeout)
  }

  static func timeLimit(isBehindHTTPAPI: Bool, gatewayTimeout: Double) -> Double {
    isBehindHTTPAPI ? max(gatewayTimeout, httpAPILimit) : gatewayTimeout
  }

  /// An HTTP API waits 30 s at most; nobody can change that.
  static let httpAPILimit = AWSMessages.Limit.httpAPI
}
