internal import InsightsText

/// Output of `sst dev`: a bar, the time since the request began, and text.
struct SSTFormat: StampedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "sst",
    summary: "`sst dev`: a bar, milliseconds since the request began, text; no times",
    sample: """
      |  +12ms      cache warm
      |  +15ms      done

      """)

  var state = StampedLineState()

  init() {}

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    var scanner = LineScanner(text, at: start)
    guard scanner.skip("|"), scanner.skipSpaces(), scanner.skip("+"),
      let word = scanner.word(), text[word.upperBound - 1] == UInt8(ascii: "s"),
      text[word.lowerBound] &- 48 < 10
    else { return nil }
    _ = scanner.skipSpaces()
    return LinePrefix(textStart: scanner.index)
  }
}
