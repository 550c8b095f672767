/// A line in which a caller tells that Lambda refused its call.
///
/// The function that was refused logs nothing of it.
struct ThrottleLine: Sendable {
  let timestamp: Int64?
  let logGroup: String?
  let logStream: String?
  /// That of the caller.
  var requestID: String?
  let message: String

  /// What such lines say, as a regex of the query language.
  static let pattern = """
    /\\b(TooManyRequestsException|ThrottlingException|CallerRateLimitExceeded|ReservedFunctionConcurrentInvocationLimitExceeded|ConcurrentInvocationLimitExceeded)\\b|Rate Exceeded\\./
    """

  init(_ row: ResultRow) {
    timestamp = row.time("@timestamp")
    logGroup = row.text("@log")?.logGroupOfLog
    logStream = row.text("@logStream")
    requestID = row.text("@requestId")
    message = row.text("@message") ?? ""
  }
}

/// Which limit refused a call, as far as its message says.
enum ThrottleReason: String, Sendable {
  case reservedConcurrency = "reserved concurrency reached"
  case accountConcurrency = "the account's concurrency limit reached"
  case requestRate = "request rate limit reached"
  case unspecified = "concurrency limit reached"

  /// Reads the reason that `text` names.
  init(in text: String) {
    if text.includes("ReservedFunctionConcurrentInvocationLimitExceeded") {
      self = .reservedConcurrency
    } else if text.includes("ConcurrentInvocationLimitExceeded") {
      self = .accountConcurrency
    } else if text.includes("CallerRateLimitExceeded")
      || text.includes("InvocationRateLimitExceeded")
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
