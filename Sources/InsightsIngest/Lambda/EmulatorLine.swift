internal import InsightsText

/// A line that the runtime emulator writes about an invocation: `29 Nov 2026 15:05:37,595 [ERROR]
/// (rapid) Invoke failed InvokeID=… error=…`.
///
/// Ranges are offsets into the message.
struct EmulatorLine {
  enum Kind {
    case start
    /// The process exited; the range describes how.
    case exit(Range<Int>)
    case timeout
  }

  var kind: Kind
  var requestID: Range<Int>

  private typealias Words = AWSMessages.Emulator

  init?(_ message: UnsafeBufferPointer<UInt8>) {
    // The day, and a space where an ISO time has a digit.
    guard message.count > 60, message[0] &- 48 < 10, message[2] == 0x20,
      let mark = message.firstOffset(of: Words.mark), mark < 40
    else { return nil }
    let start = mark + Words.mark.utf8CodeUnitCount
    if message.holds(Words.invokeStarted, at: start) {
      guard
        let id = LambdaLine.uuid(
          in: message, at: start + Words.invokeStarted.utf8CodeUnitCount)
      else { return nil }
      kind = .start
      requestID = id
      return
    }
    guard message.holds(Words.invokeFailed, at: start),
      let word = message.firstOffset(of: Words.invokeID, from: start),
      let id = LambdaLine.uuid(in: message, at: word + Words.invokeID.utf8CodeUnitCount)
    else { return nil }
    requestID = id
    guard message.firstOffset(of: Words.reset, from: start) == nil else {
      kind = .timeout
      return
    }
    var end = message.count
    while end > id.upperBound, message[end - 1] <= 0x20 { end -= 1 }
    let error = message.firstOffset(of: Words.error, from: start)
    let textStart = error.map { $0 + Words.error.utf8CodeUnitCount } ?? end
    // The id may follow the error.
    kind = .exit(textStart..<max(textStart, word > textStart ? word : end))
  }
}
