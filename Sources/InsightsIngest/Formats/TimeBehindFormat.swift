internal import InsightsText

/// `--query 'events[*].{time: timestamp, message: message}' --output text`: the message, a TAB,
/// epoch milliseconds.
///
/// The command line writes the values of an object in the order of their names; the stream may be
/// between message and time. The message contains its own line ends, so the time may be on a later
/// line.
struct TimeBehindFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "message-timestamp-text",
    summary: "lines of message, TAB, epoch milliseconds: `--query … --output text`",
    sample: """
      cache warm
      \t1772618400000
      done\t1772618400004

      """)

  private var isSkipping = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    var endCount = 0
    var endsEvent = false
    // An event has few lines. A single line with such an end may also be an application's.
    for _ in 0..<200 where index < head.count {
      let lineEnd = head.firstOffset(of: 0x0A, from: index) ?? head.count
      endsEvent = end(of: head, index..<lineEnd) != nil
      if endsEvent { endCount += 1 }
      if endCount == 2 { return true }
      index = lineEnd + 1
    }
    return endsEvent && index >= head.count
  }

  /// Returns the parts at the end of an event's last line: the end of the message, the stream and
  /// the time.
  private static func end(
    of text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>
  ) -> (message: Int, stream: Range<Int>?, time: Int64)? {
    var last = line.upperBound
    if last > line.lowerBound, text[last - 1] == 0x0D { last -= 1 }
    let start = last - 13
    guard start > line.lowerBound, text[start - 1] == 0x09,
      text[start..<last].allSatisfy({ $0 &- 48 < 10 }),
      let match = Timestamp.parseAny(text, at: start), match.end == last,
      LogEventBatch.plausibleTimes.contains(match.milliseconds)
    else { return nil }
    let messageEnd = start - 1
    if let tab = text[line.lowerBound..<messageEnd].lastIndex(of: 0x09),
      LogStreamName.recognizes(text, in: tab + 1..<messageEnd)
    {
      return (tab, tab + 1..<messageEnd, match.milliseconds)
    }
    return (messageEnd, nil, match.milliseconds)
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    var start = 0
    var index = 0
    while index < window.count {
      let lineEnd = window.firstOffset(of: 0x0A, from: index)
      if ending == .more, lineEnd == nil { break }
      let line = index..<(lineEnd ?? window.count)
      if let end = Self.end(of: window, line) {
        if !isSkipping {
          var event = LogEventBatch.Event(timestamp: end.time, message: 0..<0)
          if let stream = end.stream {
            event.stream = batch.stream(named: UnsafeBufferPointer(rebasing: window[stream]))
          }
          event.message = batch.append(
            UnsafeBufferPointer(rebasing: window[start..<max(start, end.message)]))
          batch.append(event)
        }
        isSkipping = false
        start = line.upperBound + 1
      }
      index = line.upperBound + 1
    }
    if ending == .more {
      guard window.count - start > batch.limits.eventByteCount else {
        return min(start, window.count)
      }
      batch.remark(
        .lossy, at: start, "an event of more than \(batch.limits.eventWords) is left out")
      isSkipping = true
      return window.count
    }
    if start < window.count, window[start...].contains(where: { $0 > 0x20 }) {
      batch.remark(.lossy, at: start, "text without a time behind it is left out")
    }
    return window.count
  }
}
