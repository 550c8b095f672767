internal import InsightsText

/// Rows copied from the console's list of events.
///
/// Each is a time on its own line, then the event twice, first formatted and then raw; or
/// `timeCopytext`, with the label of a button in between.
struct ConsoleRowsFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "console-rows",
    summary: "rows copied from the console: a time, the message laid out, the message as it is",
    sample: """
      2026-03-04T10:00:00.000Z
      {
          "level": "INFO"
      }

      {"level":"INFO"}
      2026-03-04T10:00:00.004Z
      done

      done

      """)

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard let time = Timestamp.parseISO8601(text, at: start), time.end - start >= 24 else {
      return nil
    }
    var end = time.end
    if text.holds("Copy", at: end) {
      return LinePrefix(timestamp: time.milliseconds, textStart: end + 4)
    }
    while end < text.count, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
    guard end == text.count || text[end] == 0x0A else { return nil }
    return LinePrefix(timestamp: time.milliseconds, textStart: end)
  }

  func append(
    _ prefix: LinePrefix, text: Range<Int>, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    var start = text.lowerBound
    while start < text.upperBound, window[start] == 0x0A { start += 1 }
    guard start < text.upperBound else { return }
    let body = UnsafeBufferPointer(rebasing: window[start..<text.upperBound])
    let message = ConsoleRowsFormat.secondCopy(in: body) ?? body
    batch.append(
      LogEventBatch.Event(timestamp: prefix.timestamp, message: batch.append(message)))
  }

  /// Returns the second half of a text that repeats itself, ignoring white space.
  private static func secondCopy(
    in body: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8>? {
    var index = 0
    // Each blank line costs a comparison; stop at a text of many blank lines.
    for _ in 0..<64 {
      guard let gap = body.firstOffset(of: "\n\n", from: index) else { return nil }
      let first = UnsafeBufferPointer(rebasing: body[..<gap])
      let second = UnsafeBufferPointer(rebasing: body[(gap + 2)...])
      if !first.isEmpty, equalAsideFromSpace(first, second) {
        let start = second.firstIndex { $0 > 0x20 } ?? 0
        return UnsafeBufferPointer(rebasing: second[start...])
      }
      index = gap + 1
    }
    return nil
  }

  private static func equalAsideFromSpace(
    _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    var left = 0
    var right = 0
    while true {
      while left < one.count, one[left] <= 0x20 { left += 1 }
      while right < other.count, other[right] <= 0x20 { right += 1 }
      guard left < one.count, right < other.count else {
        return left == one.count && right == other.count
      }
      guard one[left] == other[right] else { return false }
      left += 1
      right += 1
    }
  }
}
