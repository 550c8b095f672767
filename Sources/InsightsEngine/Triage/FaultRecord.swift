internal import InsightsStore

/// One failed or slow request in few bytes, as there may be millions: what `Fault` tells in full.
///
/// Everything that decides which cause it has is in its classes, of which there are few.
struct FaultRecord: Sendable {
  var request = RequestKey.unknown
  /// The row of `errors` that decided the request; 0 for none.
  var errorID: Int64 = 0
  var errorTime = unknownTime
  /// The number of its `ErrorClass`; -1 for none.
  var errorClass: Int32 = -1
  /// Numbers of its invocation, refused call and gateway request; -1 for none.
  var suspect: Int32 = -1
  var throttle: Int32 = -1
  var gateway: Int32 = -1
  /// The fault of the same request before it; -1 for none.
  var previous: Int32 = -1
  /// Whether the gateway says that the caller got a good answer.
  var isAnsweredWell = false

  /// Stands for a time that the logs do not tell.
  static let unknownTime = Int64.min
}

/// What decides the cause of an error, the same for many of them.
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
  var place: LogPlaces.Place
  /// Set where Lambda refused a call.
  var throttle: ThrottleClass?
  /// Whether the message says that the process went away.
  var hasProcessExited: Bool
}

/// What decides the cause of a refused call.
struct ThrottleClass: Hashable, Sendable {
  var reason: ThrottleReason
  /// The function that was called, where the message names it.
  var called: String?
}

/// A log line that tells of a refused call.
struct ThrottleRecord: Sendable {
  var request: RequestKey
  var time: Int64
  var place: LogPlaces.Place
  /// The number of its `ThrottleClass`.
  var kind: Int32
}

/// An invocation that failed or took long.
struct SuspectRecord: Sendable {
  /// The row's id in `invocations`.
  var id: Int64
  var stream: Int64
  var request: RequestKey
  var place: LogPlaces.Place
  var start: Int64
  /// When it was over, as far as the log tells.
  var lastMoment: Int64
  /// Milliseconds; -1 where the log does not tell.
  var duration: Double
  var coldStart: Double
  /// The number of its `SuspectClass`.
  var kind: Int32

  /// Init and duration together, milliseconds.
  var total: Double { duration < 0 ? 0 : duration + coldStart }
}

/// What decides the cause of a failed invocation.
struct SuspectClass: Hashable, Sendable {
  var status: Store.SuspectInvocation.Status
  var isTimeout: Bool
  var isOutOfMemory: Bool
  var errorType: String?
}

/// An error on its way to the fault that it belongs to.
struct ErrorRecord: Sendable {
  var id: Int64
  var request: RequestKey
  var stream: Int64
  var time: Int64
  /// The number of its `ErrorClass`.
  var kind: Int32
}
