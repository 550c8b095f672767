internal import InsightsText

/// A line in which a caller tells that Lambda refused its call.
///
/// The function that was refused logs nothing of it.
struct ThrottleLine: Sendable {
  let timestamp: Int64?
  let logGroup: String?
  let logStream: String?
  /// That of the caller.
  let requestID: String?
  let message: String

  /// The caller's name, where the log group or stream tells it.
  var function: String? { FunctionName.of(logGroup: logGroup, logStream: logStream) }
}

/// Which limit refused a call, as far as its message says.
enum ThrottleReason: String, Sendable {
  case reservedConcurrency = "reserved concurrency reached"
  case accountConcurrency = "the account's concurrency limit reached"
  case requestRate = "request rate limit reached"
  case unspecified = "concurrency limit reached"

  /// Reads the reason that `text` names.
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

extension String {
  /// The log group of `@log`, which is `account:group`.
  var logGroupOfLog: String {
    guard let colon = firstIndex(of: ":") else { return self }
    return String(self[index(after: colon)...])
  }
}
