internal import InsightsText

/// A line in which a runtime interface client reports that Lambda rejected its request.
///
/// For example because a response is too large: `[ERROR] [1772618401000] LAMBDA_RUNTIME Failed to
/// post … Http response code: 413.` The invocation has failed, which no other line says. Ranges are
/// offsets into the message.
struct ClientFailure {
  /// The message without its prefix.
  var text: Range<Int>
  /// The HTTP status; `nil` if the line does not contain it.
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
    // The mark must be near the start, as the response itself may quote such a line.
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
