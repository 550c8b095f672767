internal import InsightsText

/// The prefix before the text on the first line of an event; ranges are offsets in the window.
struct LinePrefix {
  /// Epoch milliseconds; `nil` if there is no time.
  var timestamp: Int64?
  /// Epoch milliseconds; `nil` if unknown.
  var ingestionTime: Int64?
  var account: Range<Int>?
  var group: Range<Int>?
  var stream: Range<Int>?
  var eventID: Range<Int>?
  /// The start of the message.
  var textStart: Int
  /// What the prefix applies to.
  var scope = Scope.none
  /// Whether the form of the time lacks the year.
  var lacksYear = false
  /// Whether an object follows that contains the message among other members.
  var isBeforeRecords = false
  /// Whether the tool colours the text as well.
  var hasColours = false

  enum Scope {
    /// There is no prefix, only the line's own text.
    case none
    /// A tool writes it before each line.
    case line
    /// A tool writes it before each event, but not before further lines.
    case event
  }
}

/// A log format whose events begin with a line that has a certain prefix; other lines continue the
/// previous event.
///
/// Blank lines at the end of an event are not part of it: the tools that write these formats add
/// and remove line ends.
protocol PrefixedLineFormat: LogFormat {
  /// Returns the prefix of the line at `start` if an event begins there.
  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix?

  /// Whether the times in a prefix are in a zone that the input does not contain.
  static var lacksZone: Bool { get }

  /// Whether lines that begin an event regardless of their context also do so here.
  static var takesOtherLines: Bool { get }

  /// Whether the rest of an oversized line is being dropped.
  var isSkipping: Bool { get set }

  /// Appends the event with this prefix and text, which has no trailing blank lines.
  func append(
    _ prefix: LinePrefix, text: Range<Int>, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch)
}

extension PrefixedLineFormat {
  static var lacksZone: Bool { false }
  static var takesOtherLines: Bool { false }

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    var strangers = 0
    // Output of the tool may come first, or the rest of a truncated event. After the latter a time
    // alone is not sufficient.
    while index < head.count, strangers < 20 {
      let end = head.firstOffset(of: 0x0A, from: index) ?? head.count
      let line = UnsafeBufferPointer(rebasing: head[index..<end])
      if let prefix = prefix(in: head, at: index),
        strangers == 0 || prefix.stream != nil || prefix.group != nil
      {
        return true
      }
      if !line.allSatisfy({ $0 <= 0x20 }), !ToolChatter.recognizes(line) { strangers += 1 }
      index = end + 1
    }
    return false
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    var event: (lineStart: Int, prefix: LinePrefix, end: Int)?
    var index = 0
    if isSkipping {
      guard let lineEnd = window.firstOffset(of: 0x0A) else { return window.count }
      isSkipping = false
      index = lineEnd + 1
    }
    while index < window.count {
      let lineEnd = window.firstOffset(of: 0x0A, from: index)
      let start = event?.lineStart ?? index
      if ending == .more, lineEnd == nil || lineEnd == window.count - 1 {
        // The end of the line and what follows decide where the event ends.
        guard window.count - start > batch.limits.eventByteCount else { return start }
        return cut(event?.prefix, start, window, into: &batch)
      }
      let end = lineEnd ?? window.count
      let prefix = Self.prefix(in: window, at: index) ?? otherPrefix(in: window, index..<end)
      if let prefix, prefix.textStart <= end {
        if let event {
          append(event.prefix, text: event.prefix.textStart..<event.end, of: window, to: &batch)
        }
        event = (index, prefix, trimmedEnd(of: window, from: prefix.textStart, to: end))
        if Self.lacksZone, prefix.timestamp != nil {
          batch.remark(.repaired, at: index, "the times name no zone and are read as UTC")
        }
      } else {
        let line = UnsafeBufferPointer(rebasing: window[index..<end])
        let isBlank = line.allSatisfy { $0 <= 0x20 }
        if !isBlank, ToolChatter.recognizes(line) {
          batch.remark(.repaired, at: index, "what the tool says itself is left out")
          if let event {
            append(event.prefix, text: event.prefix.textStart..<event.end, of: window, to: &batch)
          }
          event = nil
        } else if !isBlank, event != nil {
          event?.end = end
        } else if !isBlank {
          batch.remark(.lossy, at: index, "text that belongs to no event is left out")
        }
      }
      index = end + 1
    }
    if let event {
      if ending == .more { return event.lineStart }
      append(event.prefix, text: event.prefix.textStart..<event.end, of: window, to: &batch)
    }
    return window.count
  }

  /// Returns the prefix of a line that another tool has written, or Lambda or a runtime alone.
  private func otherPrefix(
    in window: UnsafeBufferPointer<UInt8>, _ line: Range<Int>
  ) -> LinePrefix? {
    guard Self.takesOtherLines else { return nil }
    let text = UnsafeBufferPointer(rebasing: window[..<line.upperBound])
    if let prefix = ToolPrefix.read(text, at: line.lowerBound) { return prefix }
    guard OwnLine.begins(text, at: line.lowerBound) else { return nil }
    return LinePrefix(
      timestamp: OwnLine.time(of: text, at: line.lowerBound), textStart: line.lowerBound)
  }

  /// Ends an oversized event at the limit.
  private mutating func cut(
    _ known: LinePrefix?, _ start: Int, _ window: UnsafeBufferPointer<UInt8>,
    into batch: inout LogEventBatch
  ) -> Int {
    batch.remark(
      .lossy, at: start, "an event of more than \(batch.limits.eventWords) is cut to that")
    isSkipping = window.last != 0x0A
    if let prefix = known ?? Self.prefix(in: window, at: start) {
      let end = min(window.count, prefix.textStart + batch.limits.eventByteCount)
      append(prefix, text: min(prefix.textStart, end)..<end, of: window, to: &batch)
    }
    return window.count
  }

  private func trimmedEnd(
    of window: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    end > start && window[end - 1] == 0x0D ? end - 1 : end
  }

  func append(
    _ prefix: LinePrefix, text: Range<Int>, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    func slice(_ range: Range<Int>?) -> UnsafeBufferPointer<UInt8>? {
      range.map { UnsafeBufferPointer(rebasing: window[$0]) }
    }
    var event = LogEventBatch.Event(
      timestamp: prefix.timestamp, ingestionTime: prefix.ingestionTime, message: 0..<0)
    if prefix.group != nil || prefix.stream != nil {
      event.stream = batch.stream(
        account: slice(prefix.account), group: slice(prefix.group), name: slice(prefix.stream))
    }
    if let id = slice(prefix.eventID) { event.eventID = batch.append(id) }
    event.message = batch.append(UnsafeBufferPointer(rebasing: window[text]))
    batch.append(event)
  }
}
