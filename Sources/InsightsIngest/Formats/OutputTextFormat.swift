internal import InsightsText

/// `--output text` of `filter-log-events` and `get-log-events`: rows of `EVENTS` and the values in
/// the order of their keys, joined by TABs.
///
/// The message contains its own TABs and line ends, so the time may be on a later line.
struct OutputTextFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "filter-log-events-text",
    summary: "`--output text` of `aws logs filter-log-events` and `get-log-events`",
    sample: """
      EVENTS\t3912000000000000000000000000000000000000000000000001\t1772618401250\t\
      2026/03/04/[$LATEST]0c4e\tcache warm
      \t1772618400000
      EVENTS\t3912000000000000000000000000000000000000000000000002\t1772618401250\t\
      2026/03/04/[$LATEST]0c4e\tdone\t1772618400004

      """)

  var isSkipping = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    // `get-log-events` begins with its tokens.
    for _ in 0..<3 {
      if prefix(in: head, at: index)?.ingestionTime != nil { return true }
      guard let end = head.firstOffset(of: 0x0A, from: index) else { return false }
      index = end + 1
    }
    return false
  }

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    if isOther(text, at: start) { return LinePrefix(textStart: start) }
    guard text.holds("EVENTS\t", at: start) else { return nil }
    var index = start + 7
    var prefix = LinePrefix(textStart: index)
    guard let first = value(in: text, from: &index) else { return nil }
    // AWS's ids have 56 digits, those of emulators any number.
    if milliseconds(text, in: first) == nil {
      prefix.eventID = first
      guard let second = value(in: text, from: &index) else { return nil }
      prefix.ingestionTime = milliseconds(text, in: second)
      guard let stream = value(in: text, from: &index) else { return nil }
      prefix.stream = stream
    } else {
      prefix.ingestionTime = milliseconds(text, in: first)
    }
    guard prefix.ingestionTime != nil else { return nil }
    prefix.textStart = index
    return prefix
  }

  /// Whether a row of the reply is not an event.
  private static func isOther(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    text.holds("SEARCHEDLOGSTREAMS\t", at: start) || text.holds("b/", at: start)
      || text.holds("f/", at: start) || text.holds("NEXTTOKEN\t", at: start)
  }

  private static func value(
    in text: UnsafeBufferPointer<UInt8>, from index: inout Int
  ) -> Range<Int>? {
    guard let tab = text.firstOffset(of: 0x09, from: index, to: index + 1024) else { return nil }
    defer { index = tab + 1 }
    return index..<tab
  }

  private static func milliseconds(
    _ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>
  ) -> Int64? {
    guard range.count == 13, let match = Timestamp.parseAny(text, at: range.lowerBound),
      match.end == range.upperBound
    else { return nil }
    return match.milliseconds
  }

  func append(
    _ prefix: LinePrefix, text: Range<Int>, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    guard prefix.ingestionTime != nil else { return }
    var event = LogEventBatch.Event(ingestionTime: prefix.ingestionTime, message: 0..<0)
    var end = text.upperBound
    if end - 14 >= text.lowerBound, window[end - 14] == 0x09 {
      event.timestamp = Self.milliseconds(window, in: end - 13..<end)
      if event.timestamp != nil { end -= 14 }
    }
    if let stream = prefix.stream {
      event.stream = batch.stream(named: UnsafeBufferPointer(rebasing: window[stream]))
    }
    if let id = prefix.eventID {
      event.eventID = batch.append(UnsafeBufferPointer(rebasing: window[id]))
    }
    event.message = batch.append(
      UnsafeBufferPointer(rebasing: window[text.lowerBound..<end]))
    batch.append(event)
  }
}
