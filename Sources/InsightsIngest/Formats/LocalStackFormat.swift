internal import InsightsText

/// LocalStack's debug output of functions: `time DEBUG --- [thread] logger : [function-id] text`,
/// with times without a zone.
struct LocalStackFormat: StampedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "localstack",
    summary: "LocalStack's debug output of functions; its times are read as UTC",
    sample: """
      2026-03-04T10:00:00.004 DEBUG --- [et.reactor-0] l.s.l.i.version_manager : \
      [orders-7f1c0a52] cache warm
      2026-03-04T10:00:00.005 DEBUG --- [et.reactor-0] l.s.l.i.version_manager : \
      [orders-7f1c0a52] done

      """)

  var state = StampedLineState()

  init() {}

  func stamp(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    var scanner = LineScanner(text, at: start)
    guard let time = scanner.time(), scanner.skipSpaces(), scanner.word() != nil,
      scanner.skipSpaces(), scanner.skip("--- [")
    else { return nil }
    let lineEnd = text.firstOffset(of: 0x0A, from: scanner.index) ?? text.count
    let head = UnsafeBufferPointer(rebasing: text[..<lineEnd])
    guard let joint = head.firstOffset(of: " : ", from: scanner.index) else { return nil }
    var textStart = joint + 3
    if text.holds("[", at: textStart),
      let bracket = text.firstOffset(of: UInt8(ascii: "]"), from: textStart, to: lineEnd)
    {
      textStart = bracket + 1
      if text.holds(" ", at: textStart) { textStart += 1 }
    }
    return LinePrefix(timestamp: time.milliseconds, textStart: textStart)
  }
}
