extension AWSMessages {
  /// How calls are told that Lambda or another service refused for their number.
  public enum Throttle {
    /// Names of exceptions and reasons; each is enough.
    public static let words: [StaticString] = [
      "TooManyRequestsException", "ThrottlingException", "CallerRateLimitExceeded",
      reservedConcurrency, accountConcurrency,
    ]
    public static let reservedConcurrency: StaticString =
      "ReservedFunctionConcurrentInvocationLimitExceeded"
    /// The reason above ends in it.
    public static let accountConcurrency: StaticString = "ConcurrentInvocationLimitExceeded"
    public static let callerRate: StaticString = "CallerRateLimitExceeded"
    public static let invocationRate: StaticString = "InvocationRateLimitExceeded"
    public static let sentence: StaticString = "Rate Exceeded."
    /// The same without its full stop, and the exception's beginning, as gateways have them.
    public static let gatewayWords: [StaticString] = ["Rate Exceeded", "TooManyRequests"]

    /// What such texts say, as a regex of the query language.
    ///
    /// Each alternative is a text of its own, by which whole segments are passed over.
    public static let pattern =
      "/" + words.map { "\\b\($0)\\b" }.joined(separator: "|") + "|Rate Exceeded\\./"

    /// Whether `pattern` matches somewhere in a text.
    public static func tells(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      if text.firstOffset(of: sentence) != nil { return true }
      return words.contains { text.firstOffset(ofWord: $0) != nil }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The offset of the first occurrence of `text` that no letter, digit or underscore touches.
  public func firstOffset(ofWord text: StaticString) -> Int? {
    var start = 0
    while let found = firstOffset(of: text, from: start) {
      let end = found + text.utf8CodeUnitCount
      if (found == 0 || !self[found - 1].isOfWord) && (end == count || !self[end].isOfWord) {
        return found
      }
      start = found + 1
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isOfWord: Bool {
    self &- UInt8(ascii: "0") < 10 || (self | 0x20) &- UInt8(ascii: "a") < 26
      || self == UInt8(ascii: "_")
  }
}
