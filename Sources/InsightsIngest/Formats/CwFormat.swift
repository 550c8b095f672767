internal import InsightsText

/// Output of `cw tail`: time, group, stream, event id, if requested, and message, joined by ` - `;
/// the time is local without a zone.
struct CwFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "cw",
    summary: "`cw tail`: parts joined by ' - '; its local times are read as UTC",
    sample: """
      2026-03-04T10:00:00 - /aws/lambda/orders - 2026/03/04/[$LATEST]0c4e - cache warm
      2026-03-04T10:00:01 - /aws/lambda/orders - 2026/03/04/[$LATEST]0c4e - done

      """)

  static let lacksZone = true

  static let takesOtherLines = true

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    var scanner = LineScanner(text, at: start)
    var prefix = LinePrefix(textStart: start)
    if let time = scanner.time() {
      guard time.range.count == 19, scanner.skip(" - ") else { return nil }
      prefix.timestamp = time.milliseconds
      prefix.textStart = scanner.index
    }
    if let part = scanner.part(where: { text[$0.lowerBound] == UInt8(ascii: "/") }) {
      prefix.group = part
      prefix.textStart = scanner.index
    }
    if let part = scanner.part(where: { LogStreamName.recognizes(text, in: $0) }) {
      prefix.stream = part
      prefix.textStart = scanner.index
    }
    if let part = scanner.part(where: { range in
      range.count == 56 && text[range].allSatisfy { $0 &- 48 < 10 }
    }) {
      prefix.eventID = part
      prefix.textStart = scanner.index
    }
    return prefix.textStart > start ? prefix : nil
  }
}

extension LineScanner {
  /// Advances past a word that satisfies a predicate and the ` - ` after it.
  fileprivate mutating func part(where isPart: (Range<Int>) -> Bool) -> Range<Int>? {
    let start = index
    if let range = word(), isPart(range), skip(" - ") { return range }
    index = start
    return nil
  }
}
