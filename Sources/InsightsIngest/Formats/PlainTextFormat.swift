internal import InsightsText

/// Lines of text: the messages themselves, with or without a time before each.
///
/// A line that goes on with the one before (indented, a traceback, a closing brace …) belongs to
/// the same event. Where the lines carry a time of their own before Lambda's text, that time is
/// the event's and no part of the message; else an event's time is what its text starts with.
struct PlainTextFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "text",
    summary: "plain lines, with or without times; tracebacks are put together",
    sample: """
      START RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Version: 3
      [ERROR] ValueError: no rows
      Traceback (most recent call last):
        File "/var/task/app.py", line 4, in handler

      """)

  /// An event to which the next line may belong; offsets into the window.
  private struct PendingEvent {
    var lineStart: Int
    var start: Int
    var end: Int
    var timestamp: Int64?
  }

  private var hasOuterTimes: Bool?

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool { true }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    let hasOuterTimes = self.hasOuterTimes ?? PlainTextFormat.hasOuterTimes(window)
    if !window.isEmpty { self.hasOuterTimes = hasOuterTimes }
    var grouping = LineGrouping()
    var event: PendingEvent?
    var index = 0
    while index < window.count {
      let lineEnd = window.firstOffset(of: 0x0A, from: index)
      // The line's end and what follows it decide where the event ends.
      if lineEnd == nil, ending == .more { return event?.lineStart ?? index }
      let end = lineEnd ?? window.count
      let next = end + 1
      let time = hasOuterTimes ? Self.outerTime(in: window, at: index) : nil
      let text = UnsafeBufferPointer(rebasing: window[(time?.end ?? index)..<end])
      let begins =
        time != nil || (event == nil && !text.isEmpty)
        || (!hasOuterTimes && grouping.startsEvent(text))
      if begins {
        if let event { append(event, of: window, to: &batch) }
        event = PendingEvent(
          lineStart: index, start: time?.end ?? index, end: end, timestamp: time?.milliseconds)
        grouping.begin(text)
      } else if !text.isEmpty {
        event?.end = end
        grouping.goOn(text)
      }
      index = next
    }
    if let event {
      // More lines may belong to it.
      if ending == .more { return event.lineStart }
      append(event, of: window, to: &batch)
    }
    return window.count
  }

  private func append(
    _ event: PendingEvent, of window: UnsafeBufferPointer<UInt8>, to batch: inout LogEventBatch
  ) {
    let message = UnsafeBufferPointer(rebasing: window[event.start..<event.end])
    batch.append(
      LogEventBatch.Event(
        timestamp: event.timestamp, stream: 0, eventID: 0..<0, message: batch.append(message)))
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
