internal import InsightsText

/// Lines of text: the messages themselves, with or without a time before each.
///
/// A line that goes on with the one before (indented, a traceback, a closing brace …) belongs to
/// the same event. Where the lines carry a time of their own before Lambda's text, that time is
/// the event's and no part of the message; else an event's time is what its text starts with.
struct PlainTextFormat: StampedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "text",
    summary: "plain lines, with or without times; tracebacks are put together",
    sample: """
      START RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Version: 3
      [ERROR] ValueError: no rows
      Traceback (most recent call last):
        File "/var/task/app.py", line 4, in handler

      """)

  var state = StampedLineState()
  private var hasOuterTimes = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool { true }

  mutating func prepare(for window: UnsafeBufferPointer<UInt8>) {
    hasOuterTimes = Self.hasOuterTimes(window)
  }

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard hasOuterTimes else {
      return LinePrefix(timestamp: Self.ownTime(of: text, at: start), textStart: start)
    }
    guard let time = Self.outerTime(in: text, at: start) else {
      return LinePrefix(textStart: start)
    }
    return LinePrefix(timestamp: time.milliseconds, textStart: time.end)
  }

  func startsEvent(
    _ line: UnsafeBufferPointer<UInt8>, _ stamp: LinePrefix, after grouping: LineGrouping,
    previous: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    hasOuterTimes ? stamp.timestamp != nil : grouping.startsEvent(line)
  }

  /// The time that a text starts with; digits alone may be anything.
  private static func ownTime(
    of text: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Int64? {
    var start = start
    // PHP and others write it in brackets.
    if start < text.count, text[start] == UInt8(ascii: "[") { start += 1 }
    if let match = Timestamp.parseISO8601(text, at: start) { return match.milliseconds }
    let head = text[start..<min(start + 5, text.count)]
    guard !head.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
    return Timestamp.parseAny(text, at: start)?.milliseconds
  }

  /// A time, a space and text, at the start of a line.
  private static func outerTime(
    in window: UnsafeBufferPointer<UInt8>, at start: Int
  ) -> Timestamp.Match? {
    guard let match = Timestamp.parseAny(window, at: start), match.end < window.count,
      window[match.end] == UInt8(ascii: " ")
    else { return nil }
    return (match.milliseconds, match.end + 1)
  }

  /// Whether a platform line, which starts with no time of its own, follows a time.
  private static func hasOuterTimes(_ window: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < window.count {
      let end = window.firstOffset(of: 0x0A, from: index) ?? window.count
      if let time = outerTime(in: window, at: index), time.end < end,
        LambdaLine(UnsafeBufferPointer(rebasing: window[time.end..<end])) != nil
      {
        return true
      }
      index = end + 1
    }
    return false
  }
}
