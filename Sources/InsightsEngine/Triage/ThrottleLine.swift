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

  /// The words of such lines; each is enough.
  private static let words: [StaticString] = [
    "TooManyRequestsException", "ThrottlingException", "CallerRateLimitExceeded",
    "ReservedFunctionConcurrentInvocationLimitExceeded", "ConcurrentInvocationLimitExceeded",
  ]
  private static let sentence: StaticString = "Rate Exceeded."

  /// What such lines say, as a regex of the query language.
  ///
  /// Each alternative is a text of its own, by which whole segments are passed over.
  static let pattern =
    "/" + words.map { "\\b\($0)\\b" }.joined(separator: "|") + "|Rate Exceeded\\./"

  /// Whether `pattern` matches somewhere in a text.
  static func tells(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    if text.firstOffset(of: sentence) != nil { return true }
    return words.contains { word in
      var start = 0
      while let found = text.firstOffset(of: word, from: start) {
        let end = found + word.utf8CodeUnitCount
        let isWord =
          (found == 0 || !text[found - 1].isOfWord) && (end == text.count || !text[end].isOfWord)
        if isWord { return true }
        start = found + 1
      }
      return false
    }
  }
}

extension UInt8 {
  fileprivate var isOfWord: Bool {
    self &- UInt8(ascii: "0") < 10 || (self | 0x20) &- UInt8(ascii: "a") < 26
      || self == UInt8(ascii: "_")
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
