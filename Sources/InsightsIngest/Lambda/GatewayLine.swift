internal import InsightsText

/// A line of an API Gateway execution log from which errors are derived.
///
/// Each begins with the id of the gateway's request in parentheses, or, as the console's test shows
/// it, with a time in words. Ranges are offsets into the message.
struct GatewayLine {
  enum Kind {
    /// `Execution failed due to …`; the text that follows.
    case failure(Range<Int>)
    /// The function failed; the text of its error.
    case functionError(Range<Int>)
    /// The function could not be invoked; a failure follows.
    case invocationFailed
    /// What the function answered, where it is a throttled invocation's reason.
    case throttleReason(Range<Int>)
    /// The status that the caller got.
    case status(Int64)
    /// Only the request id of the function.
    case endpoint
  }

  var kind: Kind
  /// Empty where the line names none.
  var gatewayRequestID: Range<Int>
  /// The function's request id.
  var requestID: Range<Int>?

  private static let requestIDWords: StaticString = "Lambda request id: "

  init?(_ message: UnsafeBufferPointer<UInt8>) {
    guard let (id, start) = GatewayLine.beginning(of: message) else { return nil }
    gatewayRequestID = id
    let failed: StaticString = "Execution failed due to "
    let functionFailed: StaticString = "Lambda execution failed with status "
    let completed: StaticString = "Method completed with status: "
    let endpoint: StaticString = "AWS Integration Endpoint RequestId"
    let body: StaticString = "Endpoint response body before transformations: {\"Reason\":\""
    let end = GatewayLine.trimmedEnd(of: message)
    if message.holds(failed, at: start) {
      kind = .failure(start + failed.utf8CodeUnitCount..<max(end, start + failed.utf8CodeUnitCount))
    } else if message.holds(functionFailed, at: start) {
      guard let words = message.firstOffset(of: " customer function error: ", from: start) else {
        return nil
      }
      var textEnd = end
      if let idStart = message.firstOffset(of: GatewayLine.requestIDWords, from: words) {
        requestID = LambdaLine.uuid(
          in: message, at: idStart + GatewayLine.requestIDWords.utf8CodeUnitCount)
        textEnd = idStart
      }
      while textEnd > words + 26, message[textEnd - 1] <= 0x20 || message[textEnd - 1] == 0x2E {
        textEnd -= 1
      }
      kind = .functionError(GatewayLine.errorText(in: message, words + 26..<textEnd))
    } else if message.holds("Lambda invocation failed with status: ", at: start) {
      kind = .invocationFailed
      requestID = message.firstOffset(of: GatewayLine.requestIDWords, from: start).flatMap {
        LambdaLine.uuid(in: message, at: $0 + GatewayLine.requestIDWords.utf8CodeUnitCount)
      }
    } else if message.holds(completed, at: start) {
      let digits = UnsafeBufferPointer(
        rebasing: message[
          start + completed.utf8CodeUnitCount..<max(end, start + completed.utf8CodeUnitCount)])
      guard case .integer(let status)? = NumericText.number(digits) else { return nil }
      kind = .status(status)
    } else if message.holds(endpoint, at: start) {
      var index = start + endpoint.utf8CodeUnitCount
      while index < end, message[index] == 0x20 || message[index] == UInt8(ascii: ":") {
        index += 1
      }
      guard let id = LambdaLine.uuid(in: message, at: index) else { return nil }
      kind = .endpoint
      requestID = id
    } else if message.holds(body, at: start) {
      let textStart = start + body.utf8CodeUnitCount
      guard let quote = message.firstOffset(of: UInt8(ascii: "\""), from: textStart) else {
        return nil
      }
      kind = .throttleReason(textStart..<quote)
    } else {
      return nil
    }
  }

  /// The id in the parentheses, and where the text behind them begins.
  private static func beginning(
    of message: UnsafeBufferPointer<UInt8>
  ) -> (id: Range<Int>, textStart: Int)? {
    guard let first = message.first else { return nil }
    if first == UInt8(ascii: "(") {
      guard let close = message.firstOffset(of: UInt8(ascii: ")"), to: 80), close > 8,
        message.holds(" ", at: close + 1),
        message[1..<close].allSatisfy({ $0 > 0x20 })
      else { return nil }
      return (1..<close, close + 2)
    }
    guard first >= UInt8(ascii: "F"), first <= UInt8(ascii: "W"),
      let time = Timestamp.parseAny(message), message.holds(" : ", at: time.end)
    else { return nil }
    return (0..<0, time.end + 3)
  }

  private static func trimmedEnd(of message: UnsafeBufferPointer<UInt8>) -> Int {
    var end = message.count
    while end > 0, message[end - 1] <= 0x20 { end -= 1 }
    return end
  }

  /// The text without the time and the id that Lambda puts before its own errors.
  private static func errorText(
    in message: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Range<Int> {
    var start = range.lowerBound
    if let time = Timestamp.parseISO8601(message, at: start), message.holds(" ", at: time.end),
      let id = LambdaLine.uuid(in: message, at: time.end + 1)
    {
      start = id.upperBound + 1
    } else if message.holds("RequestId: ", at: start),
      let id = LambdaLine.uuid(in: message, at: start + 11)
    {
      start = id.upperBound + (message.holds(" Error: ", at: id.upperBound) ? 8 : 1)
    }
    return min(start, range.upperBound)..<range.upperBound
  }
}
