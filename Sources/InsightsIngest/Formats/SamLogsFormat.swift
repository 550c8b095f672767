internal import InsightsText

/// Output of `sam logs`: stream, time with microseconds and no zone (UTC), message.
struct SamLogsFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "sam-logs",
    summary: "`sam logs`: stream, time (UTC, no zone), message",
    sample: """
      2026/03/04/[$LATEST]0c4e 2026-03-04T10:00:00.000000 cache warm
      2026/03/04/[$LATEST]0c4e 2026-03-04T10:00:00.004000 {
        "level": "INFO"
      }

      """)

  static let takesOtherLines = true

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard start < text.count, text[start] &- 48 < 10 || text[start] == ANSISequence.escape else {
      return nil
    }
    var scanner = LineScanner(text, at: start)
    guard let stream = scanner.stream(), scanner.skipSpaces(), let time = scanner.time(),
      text[time.range.upperBound - 1] != UInt8(ascii: "Z")
    else { return nil }
    _ = scanner.skip(UInt8(ascii: " "))
    return LinePrefix(timestamp: time.milliseconds, stream: stream, textStart: scanner.index)
  }
}
