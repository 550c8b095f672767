extension AWSMessages {
  /// Phrases that report a throttled call: Lambda or another service refused it because of too many
  /// requests.
  public enum Throttle {
    /// Names of exceptions and reasons; any one of them is enough.
    public static let words: [StaticString] = [
      "TooManyRequestsException", "ThrottlingException", "CallerRateLimitExceeded",
      reservedConcurrency, accountConcurrency,
    ]
    public static let reservedConcurrency: StaticString =
      "ReservedFunctionConcurrentInvocationLimitExceeded"
    /// `reservedConcurrency` ends with this text.
    public static let accountConcurrency: StaticString = "ConcurrentInvocationLimitExceeded"
    public static let callerRate: StaticString = "CallerRateLimitExceeded"
    public static let invocationRate: StaticString = "InvocationRateLimitExceeded"
    public static let sentence: StaticString = "Rate Exceeded."
    /// `sentence` without its full stop and the beginning of the exception's name, as gateways
    /// write them.
    public static let gatewayWords: [StaticString] = ["Rate Exceeded", "TooManyRequests"]

    /// A regex of the query language that matches the phrases above.
    ///
    /// Each alternative starts with a literal, so that whole segments can be skipped.
    public static let pattern =
      "/" + words.map { "\\b\($0)\\b" }.joined(separator: "|") + "|Rate Exceeded\\./"

    /// Returns whether `pattern` matches anywhere in `text`.
    public static func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
      if text.firstOffset(of: sentence) != nil { return true }
      return words.contains { text.firstOffset(ofWord: $0) != nil }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Returns the offset of the first occurrence of `text` that is not next to a letter, a digit or
  /// an underscore.
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
