internal import InsightsText

/// Replies of `filter-log-events` and `get-log-events`: objects with an array `events`.
///
/// Several replies may follow each other. An event is taken as soon as it is whole, so a cut file
/// gives what precedes the cut.
struct FilterLogEventsFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "filter-log-events",
    summary: "JSON of `aws logs filter-log-events` and `aws logs get-log-events`",
    sample: """
      {"events": [{"logStreamName": "2026/03/04/[$LATEST]0c4e", "timestamp": 1772618400000,
        "message": "cache warm\\n", "ingestionTime": 1772618401250, "eventId": "3912"}],
       "searchedLogStreams": []}
      """)

  /// Where in a reply the window begins.
  private enum Place { case outside, members, events }

  private var place = Place.outside

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let brace = head.firstOffset(of: UInt8(ascii: "{")),
      head[..<brace].allSatisfy({ $0 <= 0x20 })
    else { return false }
    var members = JSONMembers(of: head, objectAt: brace)
    while let member = members.next() {
      if head.holds("events", at: member.key.lowerBound), member.key.count == 6 {
        return member.value.kind == .array
      }
    }
    // The array goes on beyond the head, so that it is no whole member.
    guard let key = head.firstOffset(of: "\"events\"", from: brace) else { return false }
    var index = key + 8
    while index < head.count, head[index] <= 0x20 || head[index] == UInt8(ascii: ":") { index += 1 }
    return index < head.count && head[index] == UInt8(ascii: "[")
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    var index = 0
    while let next = skipSeparators(from: index, in: window) {
      index = next
      let step: Int?
      switch place {
      case .outside: step = readOutside(at: index, window, into: &batch)
      case .members: step = readMember(at: index, window, into: &batch)
      case .events: step = readEvent(at: index, window, into: &batch)
      }
      guard let step else {
        guard ending != .more else { return index }
        batch.remark(.lossy, at: index, "the last record is cut short and left out")
        return window.count
      }
      index = step
    }
    if ending != .more, place != .outside {
      batch.remark(.lossy, at: window.count, "the JSON ends before its end")
    }
    return window.count
  }

  private func skipSeparators(from start: Int, in window: UnsafeBufferPointer<UInt8>) -> Int? {
    var index = start
    while index < window.count {
      switch window[index] {
      case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","): index += 1
      default: return index
      }
    }
    return nil
  }

  /// Moves to the next object; what stands between objects are other tools' words.
  private mutating func readOutside(
    at index: Int, _ window: UnsafeBufferPointer<UInt8>, into batch: inout LogEventBatch
  ) -> Int? {
    if window[index] == UInt8(ascii: "{") {
      place = .members
      return index + 1
    }
    batch.remark(.repaired, at: index, "text between the JSON objects is left out")
    return window.firstOffset(of: UInt8(ascii: "{"), from: index) ?? window.count
  }

  private mutating func readMember(
    at index: Int, _ window: UnsafeBufferPointer<UInt8>, into batch: inout LogEventBatch
  ) -> Int? {
    if window[index] == UInt8(ascii: "}") {
      place = .outside
      return index + 1
    }
    switch JSONScanner.outcome(in: window, at: index) {
    case .incomplete: return nil
    case .value(let key) where key.kind == .string:
      guard let colon = skipSeparators(from: key.end, in: window) else { return nil }
      guard window[colon] == UInt8(ascii: ":") else { break }
      guard let start = skipSeparators(from: colon + 1, in: window) else { return nil }
      if key.range.count == 6, window.holds("events", at: key.range.lowerBound),
        window[start] == UInt8(ascii: "[")
      {
        place = .events
        return start + 1
      }
      switch JSONScanner.outcome(in: window, at: start) {
      case .incomplete: return nil
      case .value(let value): return value.end
      case .invalid: break
      }
    case .value, .invalid: break
    }
    return recover(at: index, window, into: &batch)
  }

  private mutating func readEvent(
    at index: Int, _ window: UnsafeBufferPointer<UInt8>, into batch: inout LogEventBatch
  ) -> Int? {
    if window[index] == UInt8(ascii: "]") {
      place = .members
      return index + 1
    }
    switch JSONScanner.outcome(in: window, at: index) {
    case .incomplete: return nil
    case .value(let value):
      if value.kind == .object { append(value, of: window, to: &batch) }
      return value.end
    case .invalid: return recover(at: index, window, into: &batch)
    }
  }

  /// Goes on at the next brace after text that is no JSON.
  private mutating func recover(
    at index: Int, _ window: UnsafeBufferPointer<UInt8>, into batch: inout LogEventBatch
  ) -> Int {
    batch.remark(.lossy, at: index, "text that is no JSON is left out")
    return window.firstOffset(of: UInt8(ascii: "{"), from: index + 1) ?? window.count
  }

  private func append(
    _ object: JSONScanner.Value, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    var event = LogEventBatch.Event(stream: 0, eventID: 0..<0, message: 0..<0)
    var hasMessage = false
    var members = JSONMembers(of: window, objectAt: object.range.lowerBound)
    while let member = members.next() {
      let key = UnsafeBufferPointer(rebasing: window[member.key])
      let value = member.value
      switch (key.count, value.kind) {
      case (7, .string) where key.holds("message", at: 0):
        event.message = batch.append(unescaping: value.range, of: window)
        hasMessage = true
      case (7, .string) where key.holds("eventId", at: 0):
        event.eventID = batch.append(unescaping: value.range, of: window)
      case (9, .number) where key.holds("timestamp", at: 0):
        event.timestamp = integer(value, in: window)
      case (13, .number) where key.holds("ingestionTime", at: 0):
        event.ingestionTime = integer(value, in: window)
      case (13, .string) where key.holds("logStreamName", at: 0):
        event.stream = batch.stream(named: UnsafeBufferPointer(rebasing: window[value.range]))
      default: break
      }
    }
    if hasMessage { batch.append(event) }
  }

  private func integer(
    _ value: JSONScanner.Value, in window: UnsafeBufferPointer<UInt8>
  ) -> Int64? {
    guard
      case .integer(let number) =
        NumericText.number(UnsafeBufferPointer(rebasing: window[value.range]))
    else { return nil }
    return number
  }
}
