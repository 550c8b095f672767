internal import InsightsStore

/// One failed or slow request in a few bytes, as there may be millions; `Fault` is the full form.
///
/// Its classes contain everything that determines its cause. There are few distinct classes.
struct FaultRecord: Sendable {
  var request = RequestKey.unknown
  /// The row of `errors` that decided the request; 0 for none.
  var errorID: Int64 = 0
  var errorTime = unknownTime
  /// The number of its `ErrorClass`; -1 for none.
  var errorClass: Int32 = -1
  /// The numbers of its invocation, refused call and gateway request; -1 for none.
  var suspect: Int32 = -1
  var throttle: Int32 = -1
  var gateway: Int32 = -1
  /// The previous fault of the same request; -1 for none.
  var previous: Int32 = -1
  /// Whether the gateway reports a successful response.
  var hasSucceeded = false

  /// Marks a time that the logs do not contain.
  static let unknownTime = Int64.min
}

/// The properties of an error that determine its cause, shared by many errors.
struct ErrorClass: Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    case unhandled, logged, platform

    init(_ name: String) {
      self = name == "logged" ? .logged : name == "platform" ? .platform : .unhandled
    }
  }

  var kind: Kind
  var type: String
  var fingerprint: String
  var origin: LogOrigins.Origin
  /// Set if Lambda refused a call.
  var throttle: ThrottleClass?
  /// Whether the message says that the process exited.
  var hasProcessExited: Bool
}

/// The properties of a refused call that determine its cause.
struct ThrottleClass: Hashable, Sendable {
  var reason: ThrottleReason
  /// The called function, if the message names it.
  var called: String?
}

/// A log line that reports a refused call.
struct ThrottleRecord: Sendable {
  var request: RequestKey
  var time: Int64
  var origin: LogOrigins.Origin
  /// The number of its `ThrottleClass`.
  var kind: Int32
}

/// An invocation that failed or was slow.
struct SuspectRecord: Sendable {
  /// The row's id in `invocations`.
  var id: Int64
  var stream: Int64
  var request: RequestKey
  var origin: LogOrigins.Origin
  var start: Int64
  /// The end; without one, the start plus the duration if that is known.
  var lastMoment: Int64
  /// Milliseconds; -1 if unknown.
  var duration: Double
  var coldStart: Double
  /// The number of its `SuspectClass`.
  var kind: Int32

  /// Init and duration together, in milliseconds.
  var total: Double { duration < 0 ? 0 : duration + coldStart }
}

/// The properties of a failed invocation that determine its cause.
struct SuspectClass: Hashable, Sendable {
  var status: Store.SuspectInvocation.Status
  var isTimeout: Bool
  var isOutOfMemory: Bool
  var errorType: String?
}

/// An error that is to be assigned to its fault.
struct ErrorRecord: Sendable {
  var id: Int64
  var request: RequestKey
  var stream: Int64
  var time: Int64
  /// The number of its `ErrorClass`.
  var kind: Int32
}
