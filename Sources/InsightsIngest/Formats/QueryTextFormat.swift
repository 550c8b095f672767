internal import InsightsText

/// `--query 'events[*].[timestamp,message]' --output text`: epoch milliseconds, a TAB, the message;
/// the stream may be in between.
struct QueryTextFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "timestamp-message-text",
    summary: "lines of epoch milliseconds, TAB, message: `--query … --output text`",
    sample: """
      1772618400000\tcache warm

      1772618400004\t[ERROR] ValueError: no rows
      Traceback (most recent call last):
        File "/var/task/app.py", line 4, in handler

      """)

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard start + 13 < text.count, text[start + 13] == 0x09,
      let match = Timestamp.parseAny(text, at: start), match.end == start + 13
    else { return nil }
    var prefix = LinePrefix(timestamp: match.milliseconds, textStart: start + 14)
    if let end = text.firstOffset(of: 0x09, from: start + 14, to: start + 600),
      LogStreamName.recognizes(text, in: start + 14..<end)
    {
      prefix.stream = start + 14..<end
      prefix.textStart = end + 1
    }
    return prefix
  }
}
