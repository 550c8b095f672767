internal import InsightsText

/// Output of `saw watch` and `saw get --pretty`: `[time] (stream) message`.
struct SawFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "saw",
    summary: "`saw watch`, `saw get --pretty`: time in brackets, stream in parentheses, message",
    sample: """
      [2026-03-04T11:00:00+01:00] (2026/03/04/[$LATEST]0c4e) cache warm
      [2026-03-04T11:00:01+01:00] (2026/03/04/[$LATEST]0c4e) done

      """)

  static let takesOtherLines = true

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    var scanner = LineScanner(text, at: start)
    guard scanner.skip(UInt8(ascii: "[")), let time = scanner.time(),
      scanner.skip(UInt8(ascii: "]")), scanner.skipSpaces(), scanner.skip(UInt8(ascii: "(")),
      let word = scanner.word(), text[word.upperBound - 1] == UInt8(ascii: ")")
    else { return nil }
    _ = scanner.skip(UInt8(ascii: " "))
    return LinePrefix(
      timestamp: time.milliseconds, stream: word.lowerBound..<word.upperBound - 1,
      textStart: scanner.index)
  }
}
