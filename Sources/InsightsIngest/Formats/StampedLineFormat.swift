internal import InsightsText

/// A log format whose lines are distinguished by their content: each may have its own prefix (a
/// time, the name of a service), followed by plain text.
///
/// A continuation line (indented, a traceback, a closing brace …) belongs to the previous event,
/// without its own prefix.
protocol StampedLineFormat: LogFormat {
  /// Examines the first window before it is read.
  mutating func prepare(for window: UnsafeBufferPointer<UInt8>)

  /// Returns the prefix of the line at `start`, with which `text` ends; `nil` for a line without
  /// one, which begins no event.
  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix?

  /// Whether a line is the first of an event; `previous` is the last line of the event before it.
  mutating func startsEvent(
    _ line: UnsafeBufferPointer<UInt8>, _ stamp: LinePrefix, after grouping: LineGrouping,
    previous: UnsafeBufferPointer<UInt8>
  ) -> Bool

  /// Whether a line is the tool's own output rather than a log line.
  mutating func isChatter(_ line: UnsafeBufferPointer<UInt8>) -> Bool

  /// Appends the event of these lines, of which there is at least one.
  mutating func append(
    _ stamp: LinePrefix, lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch)

  /// The state of reading the input.
  var state: StampedLineState { get set }
}

/// The state of reading an input with stamped lines.
struct StampedLineState {
  var isPrepared = false
  /// Whether the rest of an oversized line is being dropped.
  var isSkipping = false
}

extension StampedLineFormat {
  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    let format = Self()
    var index = 0
    var count = 0
    while index < head.count, count < 5 {
      let end = head.firstOffset(of: 0x0A, from: index) ?? head.count
      let line = UnsafeBufferPointer(rebasing: head[index..<end])
      if !line.allSatisfy({ $0 <= 0x20 }), !ToolChatter.recognizes(line) {
        guard format.stamp(in: UnsafeBufferPointer(rebasing: head[..<end]), at: index) != nil else {
          return false
        }
        count += 1
      }
      index = end + 1
    }
    return count > 0
  }

  mutating func prepare(for window: UnsafeBufferPointer<UInt8>) {}

  func startsEvent(
    _ line: UnsafeBufferPointer<UInt8>, _ stamp: LinePrefix, after grouping: LineGrouping,
    previous: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    grouping.startsEvent(line)
  }

  mutating func isChatter(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    ToolChatter.recognizes(line)
  }

  mutating func append(
    _ stamp: LinePrefix, lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    appendText(stamp, lines: lines, of: window, to: &batch)
  }

  /// Appends the event with the time of its prefix, or the one that its text starts with.
  func appendText(
    _ stamp: LinePrefix, lines: [Range<Int>], of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    var message = batch.append(lines: lines, of: window)
    if stamp.hasColours {
      message = batch.append(text: batch.withTexts { ANSISequence.stripped($0[message]) })
    }
    var event = LogEventBatch.Event(timestamp: stamp.timestamp, message: message)
    if event.timestamp == nil {
      event.timestamp = batch.withTexts { LineTime.own(of: $0[message], at: 0) }
    }
    func slice(_ range: Range<Int>?) -> UnsafeBufferPointer<UInt8>? {
      range.map { UnsafeBufferPointer(rebasing: window[$0]) }
    }
    if stamp.group != nil || stamp.stream != nil {
      event.stream = batch.stream(
        account: slice(stamp.account), group: slice(stamp.group), name: slice(stamp.stream))
    }
    batch.append(event)
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    if !state.isPrepared, !window.isEmpty {
      prepare(for: window)
      state.isPrepared = true
    }
    var grouping = LineGrouping()
    var event: StampedEvent?
    var index = 0
    if state.isSkipping {
      guard let lineEnd = window.firstOffset(of: 0x0A) else { return window.count }
      state.isSkipping = false
      index = lineEnd + 1
    }
    while index < window.count {
      let lineEnd = window.firstOffset(of: 0x0A, from: index)
      let start = event?.lineStart ?? index
      if ending == .more, lineEnd == nil || lineEnd == window.count - 1 {
        // The following text decides where the event ends.
        guard window.count - start > batch.limits.eventByteCount else { return start }
        return cut(event, start, window, into: &batch)
      }
      let end = lineEnd ?? window.count
      var inherited: LinePrefix?
      for part in GluedLines.parts(ofLine: index..<end, in: window) {
        inherited = take(
          part, of: window, &event, &grouping, gluedTo: inherited, mayContinue: ending == .more,
          into: &batch)
      }
      index = end + 1
    }
    if let event {
      // More lines may belong to it.
      if ending == .more { return event.lineStart }
      append(event.stamp, lines: event.lines, of: window, to: &batch)
    }
    return window.count
  }

  /// Processes a line, or a part split off from one with the prefix `glued`; returns its prefix.
  private mutating func take(
    _ line: Range<Int>, of window: UnsafeBufferPointer<UInt8>, _ event: inout StampedEvent?,
    _ grouping: inout LineGrouping, gluedTo glued: LinePrefix?, mayContinue: Bool,
    into batch: inout LogEventBatch
  ) -> LinePrefix {
    var stamp = stamp(
      in: UnsafeBufferPointer(rebasing: window[..<line.upperBound]), at: line.lowerBound)
    if let glued, stamp?.timestamp == nil {
      var own = glued
      own.textStart = line.lowerBound
      stamp = own
    }
    let beginning = stamp ?? LinePrefix(textStart: line.lowerBound)
    let range = (stamp?.textStart ?? line.lowerBound)..<line.upperBound
    let text = UnsafeBufferPointer(rebasing: window[range])
    guard text.contains(where: { $0 > 0x20 }) else {
      event?.blankLines.append(range)
      return beginning
    }
    if isChatter(text) {
      batch.remark(.repaired, at: line.lowerBound, "what the tool says itself is left out")
      return beginning
    }
    // Called also for an event's first line, as formats record its prefix.
    if let stamp,
      startsEvent(
        text, stamp, after: grouping,
        previous: UnsafeBufferPointer(rebasing: window[event?.lines.last ?? 0..<0]))
        || event == nil || glued != nil
    {
      if stamp.lacksYear {
        batch.remark(
          .repaired, at: line.lowerBound,
          "the times name no year and no zone; the last such time is taken, in UTC")
      }
      if let event { append(event.stamp, lines: event.lines, of: window, to: &batch) }
      event = StampedEvent(lineStart: line.lowerBound, stamp: stamp, lines: [range])
      let next = min(line.upperBound + 1, window.count)
      grouping.begin(
        text, following: UnsafeBufferPointer(rebasing: window[next...]), mayContinue: mayContinue)
    } else if event != nil {
      event?.append(range)
      grouping.append(text)
    } else {
      batch.remark(.lossy, at: line.lowerBound, "text that belongs to no event is left out")
    }
    return beginning
  }

  /// Ends an oversized event at the limit.
  private mutating func cut(
    _ event: StampedEvent?, _ start: Int, _ window: UnsafeBufferPointer<UInt8>,
    into batch: inout LogEventBatch
  ) -> Int {
    batch.remark(
      .lossy, at: start, "an event of more than \(batch.limits.eventWords) is cut to that")
    state.isSkipping = window.last != 0x0A
    if let event {
      append(event.stamp, lines: event.lines, of: window, to: &batch)
    } else if let stamp = stamp(in: window, at: start) {
      let end = min(window.count, stamp.textStart + batch.limits.eventByteCount)
      append(stamp, lines: [min(stamp.textStart, end)..<end], of: window, to: &batch)
    }
    return window.count
  }
}

/// An event that the next line may continue; ranges are offsets in the window.
private struct StampedEvent {
  var lineStart: Int
  var stamp: LinePrefix
  var lines: [Range<Int>]
  /// Blank lines, which belong to the event only if something follows them.
  var blankLines: [Range<Int>] = []

  mutating func append(_ line: Range<Int>) {
    lines += blankLines
    lines.append(line)
    blankLines = []
  }
}
