internal import InsightsText

/// Output of `aws logs tail`: detailed (time, stream, message), short (time, message) or json,
/// whose JSON messages begin on the next line.
struct TailFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "tail",
    summary: "`aws logs tail`, detailed, short or json, also with its colours",
    sample: """
      2026-03-04T10:00:00.000000+00:00 2026/03/04/[$LATEST]0c4e cache warm
      2026-03-04T10:00:00.004000+00:00 2026/03/04/[$LATEST]0c4e [ERROR] ValueError: no rows
      Traceback (most recent call last):
        File "/var/task/app.py", line 4, in handler
      2026-03-04T10:00:01+00:00 2026/03/04/[$LATEST]0c4e done

      """)

  static let takesOtherLines = true

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard start < text.count, text[start] == UInt8(ascii: "2") || text[start] == ANSISequence.escape
    else { return nil }
    var scanner = LineScanner(text, at: start)
    guard let time = scanner.time(), text[time.range.lowerBound + 10] == UInt8(ascii: "T"),
      scanner.skip(UInt8(ascii: " "))
    else { return nil }
    var prefix = LinePrefix(timestamp: time.milliseconds, textStart: scanner.index)
    // Whole seconds without a zone are the short format.
    if time.range.count == 19 { return prefix }
    guard text.holds("+00:00", at: time.range.upperBound - 6), let stream = scanner.word(),
      text[stream].contains(UInt8(ascii: "/")) || LogStreamName.recognizes(text, in: stream)
    else { return nil }
    prefix.stream = stream
    _ = scanner.skip(UInt8(ascii: " "))
    prefix.textStart = scanner.index
    return prefix
  }

  func append(
    _ prefix: LinePrefix, text: Range<Int>, of window: UnsafeBufferPointer<UInt8>,
    to batch: inout LogEventBatch
  ) {
    // A JSON message is below its time and stream.
    var start = text.lowerBound
    while start < text.upperBound, window[start] == 0x0A { start += 1 }
    var event = LogEventBatch.Event(timestamp: prefix.timestamp, message: 0..<0)
    if prefix.stream != nil || prefix.group != nil {
      func slice(_ range: Range<Int>?) -> UnsafeBufferPointer<UInt8>? {
        range.map { UnsafeBufferPointer(rebasing: window[$0]) }
      }
      event.stream = batch.stream(
        account: slice(prefix.account), group: slice(prefix.group), name: slice(prefix.stream))
    }
    event.message = batch.append(UnsafeBufferPointer(rebasing: window[start..<text.upperBound]))
    batch.append(event)
  }
}
