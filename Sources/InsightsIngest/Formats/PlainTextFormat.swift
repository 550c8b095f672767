internal import InsightsText

/// Lines of text: the messages themselves, with or without prefixes.
///
/// Each line is judged separately. The prefix of a tool (`ToolPrefix`) is not part of the message.
/// Neither is a time before Lambda's own text; if there is one, times before neighbouring lines are
/// prefixes too. Otherwise an event's time is at the start of its text, or in its JSON. A
/// continuation line (indented, a traceback, a closing brace …) belongs to the previous event.
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
  private var records = EventRecordReader()
  /// Whether the lines have times that are not part of them.
  private var hasOuterTimes = false
  /// Whether the lines are list items joined by TABs: `--query 'events[].message' --output text`.
  private var isJoinedByTabs = false
  /// Whether the current event began with a prefix that is written before each event.
  private var isInsideEvent = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool { true }

  mutating func prepare(for window: UnsafeBufferPointer<UInt8>) {
    records.learn(from: window)
    hasOuterTimes = Self.hasOuterTimes(window)
    isJoinedByTabs = !hasOuterTimes && Self.isJoinedByTabs(window)
  }

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    if isJoinedByTabs, text.holds("\t", at: start), start + 1 < text.count, text[start + 1] > 0x20 {
      return LinePrefix(
        timestamp: LineTime.own(of: text, at: start + 1), textStart: start + 1, scope: .event)
    }
    if let prefix = ToolPrefix.read(text, at: start) { return prefix }
    // In a timeout, and in Node's lines, the time is part of the line.
    if let time = LineTime.outer(text, at: start), !OwnLine.begins(text, at: start) {
      let rest = UnsafeBufferPointer(rebasing: text[time.end...])
      if let level = LineTime.levelEnd(rest, at: 0), OwnLine.isPlatform(rest, at: level) {
        return LinePrefix(
          timestamp: time.milliseconds, textStart: time.end + level, scope: .event,
          lacksYear: time.lacksYear)
      }
      if hasOuterTimes || OwnLine.begins(rest) {
        return LinePrefix(
          timestamp: time.milliseconds, textStart: time.end, scope: .event,
          lacksYear: time.lacksYear)
      }
    }
    return LinePrefix(timestamp: LineTime.own(of: text, at: start), textStart: start)
  }

  mutating func startsEvent(
    _ line: UnsafeBufferPointer<UInt8>, _ stamp: LinePrefix, after grouping: LineGrouping,
    previous: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let starts =
      switch stamp.scope {
      case .event: true
      case .line: grouping.startsEvent(line)
      case .none: isInsideEvent ? OwnLine.begins(line) : grouping.startsEvent(line)
      }
    if starts { isInsideEvent = stamp.scope == .event }
    return starts
  }

  mutating func append(
    _ stamp: LinePrefix, lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    if stamp.scope == .none || stamp.isBeforeRecords {
      let time = stamp.isBeforeRecords ? stamp.timestamp : nil
      if records.append(lines: lines, of: window, time: time, to: &batch) { return }
      if stamp.isBeforeRecords, let line = lines.first,
        let json = RubyHash.json(of: UnsafeBufferPointer(rebasing: window[line])),
        json.withUnsafeBufferPointer({
          records.append(lines: [0..<$0.count], of: $0, time: time, to: &batch)
        })
      {
        return
      }
    }
    appendText(stamp, lines: lines, of: window, to: &batch)
  }

  /// Whether a time precedes a line that is clearly one of Lambda's.
  private static func hasOuterTimes(_ window: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < window.count {
      let end = window.firstOffset(of: 0x0A, from: index) ?? window.count
      let line = UnsafeBufferPointer(rebasing: window[index..<end])
      if let time = LineTime.outer(line, at: 0), !OwnLine.begins(line) {
        let start = LineTime.levelEnd(line, at: time.end) ?? time.end
        if OwnLine.isPlatform(line, at: start) || OwnLine.begins(line, at: time.end) { return true }
      }
      index = end + 1
    }
    return false
  }

  /// Whether a TAB precedes a line that begins an event regardless of its context.
  private static func isJoinedByTabs(_ window: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while let end = window.firstOffset(of: "\n\t", from: index) {
      index = end + 2
      let lineEnd = window.firstOffset(of: 0x0A, from: index) ?? window.count
      let line = UnsafeBufferPointer(rebasing: window[index..<lineEnd])
      if OwnLine.begins(line) { return true }
    }
    return false
  }
}
