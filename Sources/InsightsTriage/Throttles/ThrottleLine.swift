internal import InsightsText

/// A line in which a caller reports that Lambda refused its call.
///
/// The refused function itself logs nothing about it.
struct ThrottleLine: Sendable {
  let timestamp: Int64?
  let logGroup: String?
  let logStream: String?
  /// The caller's request.
  let requestID: String?
  let message: String

  /// The caller's name, if the log group or stream contains it.
  var function: String? { FunctionName.of(logGroup: logGroup, logStream: logStream) }
}

/// The limit that caused a refused call, according to its message.
enum ThrottleReason: String, Sendable {
  case reservedConcurrency = "reserved concurrency reached"
  case accountConcurrency = "the account's concurrency limit reached"
  case requestRate = "request rate limit reached"
  case unspecified = "concurrency limit reached"

  /// Parses the reason in `text`.
  init(in text: String) {
    if text.includes(AWSMessages.Throttle.reservedConcurrency) {
      self = .reservedConcurrency
    } else if text.includes(AWSMessages.Throttle.accountConcurrency) {
      self = .accountConcurrency
    } else if text.includes(AWSMessages.Throttle.callerRate)
      || text.includes(AWSMessages.Throttle.invocationRate)
    {
      self = .requestRate
    } else {
      self = .unspecified
    }
  }
}
