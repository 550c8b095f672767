internal import InsightsText

/// A line of an API Gateway execution log from which errors are derived.
///
/// It begins with the gateway's request id in parentheses, or, in output of the console's test,
/// with a time in words. Ranges are offsets into the message.
struct GatewayLine {
  enum Kind {
    /// `Execution failed due to …`; the range is the text after it.
    case failure(Range<Int>)
    /// The function failed; the range is the text of its error.
    case functionError(Range<Int>)
    /// The function could not be invoked; a failure line follows.
    case invocationFailed
    /// The function's response, if it is the reason for throttling.
    case throttleReason(Range<Int>)
    /// The status that the caller received.
    case status(Int64)
    /// Only the request id of the function.
    case endpoint
  }

  var kind: Kind
  /// Empty if the line has none.
  var gatewayRequestID: Range<Int>
  /// The function's request id; `nil` if the line has none.
  var requestID: Range<Int>?

  private typealias Words = AWSMessages.Gateway

  init?(_ message: UnsafeBufferPointer<UInt8>) {
    guard let (id, start) = GatewayLine.beginning(of: message) else { return nil }
    gatewayRequestID = id
    let end = GatewayLine.trimmedEnd(of: message)
    if message.holds(Words.executionFailed, at: start) {
      let textStart = start + Words.executionFailed.utf8CodeUnitCount
      kind = .failure(textStart..<max(end, textStart))
    } else if message.holds(Words.functionFailed, at: start) {
      guard let words = message.firstOffset(of: Words.functionError, from: start) else {
        return nil
      }
      let textStart = words + Words.functionError.utf8CodeUnitCount
      var textEnd = end
      if let idStart = message.firstOffset(of: Words.lambdaRequestID, from: words) {
        requestID = LambdaLine.uuid(
          in: message, at: idStart + Words.lambdaRequestID.utf8CodeUnitCount)
        textEnd = idStart
      }
      while textEnd > textStart, message[textEnd - 1] <= 0x20 || message[textEnd - 1] == 0x2E {
        textEnd -= 1
      }
      kind = .functionError(GatewayLine.errorText(in: message, textStart..<textEnd))
    } else if message.holds(Words.invocationFailed, at: start) {
      kind = .invocationFailed
      requestID = message.firstOffset(of: Words.lambdaRequestID, from: start).flatMap {
        LambdaLine.uuid(in: message, at: $0 + Words.lambdaRequestID.utf8CodeUnitCount)
      }
    } else if message.holds(Words.completed, at: start) {
      let textStart = start + Words.completed.utf8CodeUnitCount
      let digits = UnsafeBufferPointer(rebasing: message[textStart..<max(end, textStart)])
      guard case .integer(let status)? = NumericText.number(digits) else { return nil }
      kind = .status(status)
    } else if message.holds(Words.endpointRequestID, at: start) {
      var index = start + Words.endpointRequestID.utf8CodeUnitCount
      while index < end, message[index] == 0x20 || message[index] == UInt8(ascii: ":") {
        index += 1
      }
      guard let id = LambdaLine.uuid(in: message, at: index) else { return nil }
      kind = .endpoint
      requestID = id
    } else if message.holds(Words.responseBody, at: start) {
      let reason: StaticString = "{\"Reason\":\""
      let bodyStart = start + Words.responseBody.utf8CodeUnitCount
      guard message.holds(reason, at: bodyStart) else { return nil }
      let textStart = bodyStart + reason.utf8CodeUnitCount
      guard let quote = message.firstOffset(of: UInt8(ascii: "\""), from: textStart) else {
        return nil
      }
      kind = .throttleReason(textStart..<quote)
    } else {
      return nil
    }
  }

  /// Returns the id in parentheses, and the start of the text after it.
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

  /// Returns the text without the time and the id that Lambda puts before its own errors.
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
