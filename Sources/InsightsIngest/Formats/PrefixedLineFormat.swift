internal import InsightsText

/// What stands before the text on the first line of an event; ranges are offsets into the window.
struct LinePrefix {
  /// Epoch milliseconds.
  var timestamp: Int64?
  /// Epoch milliseconds.
  var ingestionTime: Int64?
  var account: Range<Int>?
  var group: Range<Int>?
  var stream: Range<Int>?
  var eventID: Range<Int>?
  /// Where the message begins.
  var textStart: Int
  /// What has such a beginning.
  var scope = Scope.none
  /// Whether the time is one of a calendar without years.
  var lacksYear = false
  /// Whether what follows is an object that tells the message among other things.
  var isBeforeRecords = false
  /// Whether the tool colours the text as well.
  var hasColours = false

  enum Scope {
    /// The beginning is the line's own.
    case none
    /// A tool writes it before each line.
    case line
    /// A tool writes it before each event, whose further lines have none.
    case event
  }
}

/// A log format whose events begin with a line of a certain beginning; lines without it go on with
/// the event before them.
///
/// Blank lines at the end of an event are no part of it: the tools that write these formats add and
/// cut line ends as they please.
protocol PrefixedLineFormat: LogFormat {
  /// The beginning of the line at `start`, if an event begins there.
  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix?

  /// Whether the times in a prefix are of a clock that the input does not name.
  static var lacksZone: Bool { get }

  /// Whether lines that are the first of an event wherever they stand begin one here, too.
  static var takesOtherLines: Bool { get }

  /// Whether the rest of a line too long to be kept is being left out.
  var isSkipping: Bool { get set }

  /// Appends the event with this prefix and text, which ends without blank lines.
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
    // Words of the tool may come first, or the rest of an event that was cut away. Behind the latter
    // a time alone does not tell enough.
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
        // The line's end and what follows it decide where the event ends.
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

  /// The beginning of a line that another tool has written, or Lambda or a runtime alone.
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

  /// Ends an event that is too long where the limit is.
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
