internal import InsightsText

/// The console's "Copy search results (ASCII)": a table of time and message, one row per event.
///
/// TABs and line ends of the messages are single spaces.
struct ConsoleTableFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "console-table",
    summary: "the console's search results copied as ASCII: a table of time and message",
    sample: """
      ----------------------------------
      |   timestamp   |    message     |
      |---------------|----------------|
      | 1772618400000 | cache warm     |
      | 1772618400004 | done           |
      ----------------------------------

      """)

  var isSkipping = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    for _ in 0..<4 {
      guard let end = head.firstOffset(of: 0x0A, from: index) else { return false }
      let line = UnsafeBufferPointer(rebasing: head[index..<end])
      if line.first == UInt8(ascii: "|"), let time = line.firstOffset(of: "timestamp"),
        line.firstOffset(of: "message", from: time) != nil, line.firstOffset(of: "@") == nil
      {
        return true
      }
      index = end + 1
    }
    return false
  }

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard text.holds("|", at: start) || text.holds("--", at: start) else { return nil }
    var index = start + 1
    while index < text.count, text[index] == 0x20 { index += 1 }
    guard let match = Timestamp.parseAny(text, at: index) else {
      // The line is a rule or the header.
      return LinePrefix(textStart: start)
    }
    index = match.end
    while index < text.count, text[index] == 0x20 { index += 1 }
    guard text.holds("| ", at: index) else { return LinePrefix(textStart: start) }
    return LinePrefix(timestamp: match.milliseconds, textStart: index + 2)
  }

  func append(
    _ prefix: LinePrefix, text: Range<Int>, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    guard prefix.timestamp != nil else { return }
    var end = text.upperBound
    while end > text.lowerBound, window[end - 1] == 0x20 { end -= 1 }
    if end > text.lowerBound, window[end - 1] == UInt8(ascii: "|") { end -= 1 }
    while end > text.lowerBound, window[end - 1] == 0x20 { end -= 1 }
    batch.append(
      LogEventBatch.Event(
        timestamp: prefix.timestamp,
        message: batch.append(UnsafeBufferPointer(rebasing: window[text.lowerBound..<end]))))
  }
}
