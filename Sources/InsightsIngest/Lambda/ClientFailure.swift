internal import InsightsText

/// A line in which a runtime's client tells that Lambda did not take what it sent.
///
/// As of a response that is too large: `[ERROR] [1772618401000] LAMBDA_RUNTIME Failed to post … Http
/// response code: 413.` The invocation has failed, which nothing else says. Ranges are offsets into the message.
struct ClientFailure {
  /// The words without what stands before them.
  var text: Range<Int>
  /// The HTTP status, where it is told.
  var status: Int64?

  private typealias Words = AWSMessages.RuntimeClient

  init?(_ message: UnsafeBufferPointer<UInt8>) {
    // The level and the time, in brackets.
    guard message.first == UInt8(ascii: "["),
      let close = message.firstOffset(of: UInt8(ascii: "]"), to: 16),
      message.holds(" [", at: close + 1),
      let mark = message.firstOffset(of: Words.mark)
    else { return nil }
    let start = mark + Words.mark.utf8CodeUnitCount
    // The response itself may quote such a line.
    guard mark < 64, Words.failures.contains(where: { message.holds($0, at: start) }) else {
      return nil
    }
    var end = message.count
    while end > start, message[end - 1] <= 0x20 { end -= 1 }
    text = start..<end
    guard let words = message.firstOffset(of: Words.status, from: start) else { return }
    let digits = message[min(words + Words.status.utf8CodeUnitCount, end)..<end]
      .prefix { $0 &- 48 < 10 }
    status = Int64(String(decoding: digits, as: UTF8.self))
  }
}
