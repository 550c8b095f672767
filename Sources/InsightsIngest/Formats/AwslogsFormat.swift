internal import InsightsText

/// Output of `awslogs get`: group, stream, time and ingestion time if requested, message.
///
/// Group and stream are padded with spaces; at least one of the two is present.
struct AwslogsFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "awslogs",
    summary: "`awslogs get`, with or without times, also with its colours",
    sample: """
      /aws/lambda/orders 2026/03/04/[$LATEST]0c4e 2026-03-04T10:00:00.000Z cache warm
      /aws/lambda/orders 2026/03/04/[$LATEST]0c4e 2026-03-04T10:00:00.004Z done

      """)

  static let takesOtherLines = true

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard start < text.count, text[start] > 0x20 || text[start] == ANSISequence.escape else {
      return nil
    }
    var scanner = LineScanner(text, at: start)
    var prefix = LinePrefix(textStart: start)
    prefix.stream = scanner.stream()
    if prefix.stream == nil {
      guard let group = scanner.word(), isGroup(text, in: group), scanner.skipSpaces() else {
        return nil
      }
      prefix.group = group
      prefix.stream = scanner.stream()
    }
    guard prefix.stream != nil else { return timed(prefix, scanner) }
    guard scanner.skipSpaces() || scanner.index == text.count || text[scanner.index] == 0x0A else {
      return nil
    }
    if let timed = timed(prefix, scanner) { return timed }
    prefix.textStart = scanner.index
    if let end = prefix.stream?.upperBound, scanner.index > end + 1 {
      prefix.textStart = textStart(in: text, lineStart: start, found: scanner.index)
    }
    return prefix
  }

  /// The number of lines before and after a line that are examined to find the end of the padding.
  private static let neighbourLimit = 16

  /// Returns the offset of a message that follows more than one blank.
  ///
  /// All messages start in the same column; further blanks belong to the message.
  private static func textStart(
    in text: UnsafeBufferPointer<UInt8>, lineStart: Int, found: Int
  ) -> Int {
    var column = found - lineStart
    var start = lineStart
    for _ in 0..<neighbourLimit where start > 0 {
      start = text[..<(start - 1)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
      column = min(column, self.column(in: text, lineStart: start) ?? column)
    }
    start = lineStart
    for _ in 0..<neighbourLimit {
      guard let end = text.firstOffset(of: 0x0A, from: start) else { break }
      start = end + 1
      column = min(column, self.column(in: text, lineStart: start) ?? column)
    }
    return lineStart + column
  }

  /// Returns the column of the first byte after the log stream and blanks.
  private static func column(in text: UnsafeBufferPointer<UInt8>, lineStart: Int) -> Int? {
    guard lineStart < text.count, text[lineStart] > 0x20 else { return nil }
    var scanner = LineScanner(text, at: lineStart)
    if scanner.stream() == nil {
      guard scanner.word() != nil, scanner.skipSpaces(), scanner.stream() != nil else { return nil }
    }
    return scanner.skipSpaces() ? scanner.index - lineStart : nil
  }

  /// Returns the prefix with the times that follow; `nil` if there are none.
  private static func timed(_ prefix: LinePrefix, _ scanner: LineScanner) -> LinePrefix? {
    var scanner = scanner
    var prefix = prefix
    guard let time = scanner.time(),
      scanner.text[time.range.upperBound - 1] == UInt8(ascii: "Z"),
      time.range.count == 24
    else { return nil }
    prefix.timestamp = time.milliseconds
    _ = scanner.skip(UInt8(ascii: " "))
    prefix.textStart = scanner.index
    // Node's lines begin with such a time themselves, but followed by a TAB.
    if let ingestion = scanner.time(), ingestion.range.count == 24,
      scanner.skip(UInt8(ascii: " "))
    {
      prefix.ingestionTime = ingestion.milliseconds
      prefix.textStart = scanner.index
    }
    return prefix
  }

  /// Groups are paths; in that of an API Gateway the slash comes later.
  private static func isGroup(_ text: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
    text[range.lowerBound] == UInt8(ascii: "/")
      || text.holds("API-Gateway-Execution-Logs_", at: range.lowerBound)
  }
}
