internal import InsightsText

/// A log group as AWS writes it in results: `/aws/lambda/f`, or `123456789012:/aws/lambda/f`.
struct LogGroupName {
  var account: UnsafeBufferPointer<UInt8>?
  var group: UnsafeBufferPointer<UInt8>

  init(_ text: UnsafeBufferPointer<UInt8>) {
    group = text
    // arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/f:*
    if text.holds("arn:", at: 0), let name = text.firstOffset(of: ":log-group:") {
      var start = name
      while start > 0, text[start - 1] != UInt8(ascii: ":") { start -= 1 }
      account = UnsafeBufferPointer(rebasing: text[start..<name])
      var end = text.count
      if text.holds(":*", at: end - 2) { end -= 2 }
      group = UnsafeBufferPointer(rebasing: text[name + 11..<max(end, name + 11)])
    } else if text.count > 13, text[12] == UInt8(ascii: ":"),
      text[..<12].allSatisfy({ $0 &- 48 < 10 })
    {
      // Results show an unknown account as zeros.
      if text[..<12].contains(where: { $0 != UInt8(ascii: "0") }) {
        account = UnsafeBufferPointer(rebasing: text[..<12])
      }
      group = UnsafeBufferPointer(rebasing: text[13...])
    }
  }
}
