internal import InsightsText

/// Output of `docker logs -t` and `docker compose logs`: before each line a time with nanoseconds,
/// the service and a bar, or both.
struct DockerLogsFormat: StampedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "docker-logs",
    summary: "`docker logs -t` and `docker compose logs`, as of the runtime emulator",
    sample: """
      orders-1  | 2026-03-04T10:00:00.000123456Z START RequestId: \
      7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Version: 3
      orders-1  | 2026-03-04T10:00:00.004123456Z [ERROR] ValueError: no rows
      orders-1  | 2026-03-04T10:00:00.004125456Z Traceback (most recent call last):
      orders-1  | 2026-03-04T10:00:00.004127456Z   File "/var/task/app.py", line 4, in handler

      """)

  var state = StampedLineState()

  init() {}

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    Self.prefix(in: text, at: start)
  }

  /// Returns the prefix of a line of Docker, Kubernetes, or a container runtime's file.
  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    var scanner = LineScanner(text, at: start)
    var hasService = false
    // Without a time, only a name numbered by compose distinguishes it from a log with bars.
    var isNumbered = false
    if let service = scanner.word(), Self.isService(text, in: service), scanner.skipSpaces(),
      scanner.skip("|")
    {
      hasService = true
      isNumbered = text[service.upperBound - 1] &- 48 < 10
      _ = scanner.skip(UInt8(ascii: " "))
    } else {
      scanner.index = start
    }
    if let time = Timestamp.parseISO8601(text, at: scanner.index),
      time.end - scanner.index >= 24,
      text[time.end - 1] == UInt8(ascii: "Z") || hasZone(text, time.end)
    {
      if let end = streamEnd(text, at: time.end) {
        return LinePrefix(timestamp: time.milliseconds, textStart: end, scope: .line)
      }
      if text[time.end - 1] == UInt8(ascii: "Z"), time.end - scanner.index >= 28 || hasService,
        time.end == text.count || text[time.end] <= 0x20
      {
        let isText = time.end < text.count && text[time.end] == 0x20
        return LinePrefix(
          timestamp: time.milliseconds, textStart: time.end + (isText ? 1 : 0), scope: .line)
      }
    }
    return hasService && isNumbered ? LinePrefix(textStart: scanner.index, scope: .line) : nil
  }

  private static func hasZone(_ text: UnsafeBufferPointer<UInt8>, _ end: Int) -> Bool {
    text.holds(":", at: end - 3)
  }

  /// Returns the end of ` stdout F `: the stream, and whether the line is complete.
  private static func streamEnd(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard text.holds(" stdout ", at: start) || text.holds(" stderr ", at: start),
      text.holds("F", at: start + 8) || text.holds("P", at: start + 8)
    else { return nil }
    return text.holds(" ", at: start + 9) ? start + 10 : text.count == start + 9 ? start + 9 : nil
  }

  private static func isService(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
    text[range].contains { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
      && text[range].allSatisfy { byte in
        byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }
}
