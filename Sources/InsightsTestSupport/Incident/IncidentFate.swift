extension Incident {
  /// The outcome of a request.
  public enum Fate: String, CaseIterable, Sendable {
    /// It succeeded.
    case healthy
    /// An unhandled `KeyError`.
    case missingKey
    /// An unhandled `TypeError`.
    case wrongType
    /// A logged `PaymentError`; the handler answered 500 itself.
    case declined
    /// The call of another function was throttled; the handler logged a warning and answered 503.
    case refusedCall
    /// Stopped at the function's own timeout, long before the gateway's.
    case stopped
    /// Stopped at the function's own timeout, after the gateway had given up.
    case abandoned
    /// Succeeded, but after the gateway's timeout.
    case slow
    /// Killed for lack of memory.
    case outOfMemory
    /// The gateway could not read the response of a function that ended normally.
    case malformed
    /// The gateway rejected the body; no function was called.
    case badRequest
    /// The gateway rejected the caller; no function was called.
    case forbidden
    /// Lambda refused the gateway's call.
    case refused

    /// The function that was called, or would have been.
    public var function: String {
      switch self {
      case .healthy, .missingKey, .wrongType, .declined, .refusedCall: "checkout"
      case .stopped: "reports"
      case .abandoned: "exports"
      case .slow: "search"
      case .outOfMemory: "thumbnails"
      case .malformed, .badRequest, .forbidden: "catalog"
      case .refused: Self.throttledFunction
      }
    }

    /// The function that has no concurrency left.
    public static let throttledFunction = "inventory"

    /// Whether the logs of such a gateway are needed to see it.
    func occurs(behind gateway: Gateway) -> Bool {
      switch self {
      case .malformed: gateway == .rest
      case .badRequest, .forbidden, .refused: gateway != .none
      default: true
      }
    }

    /// Whether its function ran.
    public var isInvoked: Bool {
      switch self {
      case .badRequest, .forbidden, .refused: false
      default: true
      }
    }

    /// Whether Lambda counts its invocation as an error.
    public var isInvocationError: Bool {
      switch self {
      case .missingKey, .wrongType, .stopped, .abandoned, .outOfMemory: true
      default: false
      }
    }

    /// Whether Lambda refused a call.
    public var isThrottle: Bool { self == .refusedCall || self == .refused }

    /// Returns the status that the gateway answered, or would have.
    func status(behind gateway: Gateway) -> Int {
      let isHTTP = gateway == .http
      return switch self {
      case .healthy: 200
      case .missingKey, .wrongType, .stopped, .outOfMemory, .malformed: isHTTP ? 500 : 502
      case .declined: 500
      case .refusedCall: 503
      case .abandoned: gateway == .none ? 502 : isHTTP ? 503 : 504
      case .slow: isHTTP ? 503 : 504
      case .badRequest: 400
      case .forbidden: 403
      case .refused: isHTTP ? 503 : 500
      }
    }

    /// Returns the cause in the words of triage; `nil` for a healthy request.
    func cause(behind gateway: Gateway) -> String? {
      let timeout =
        "integration timeout: the gateway's limit of \(gateway == .http ? 30 : 29) s was reached"
      let stopped = "Lambda timeout: the function was stopped at its own limit"
      return switch self {
      case .healthy: nil
      case .missingKey: "unhandled exception: KeyError"
      case .wrongType: "unhandled exception: TypeError"
      case .declined: "logged error: PaymentError"
      case .refusedCall: "throttled: a call was refused, concurrency limit reached"
      case .stopped: stopped
      case .abandoned: gateway == .none ? stopped : timeout
      case .slow: timeout
      case .outOfMemory: "out of memory"
      case .malformed: "malformed proxy response"
      case .badRequest: "request format: the gateway refused the request"
      case .forbidden: "no permission: the gateway refused the caller"
      case .refused: "throttled: the function was refused, concurrency limit reached"
      }
    }
  }
}
