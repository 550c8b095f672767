internal import InsightsText

/// Output of `logcli query`: time, labels in braces, line.
struct LokiTextFormat: PrefixedLineFormat {
  static let descriptor = LogFormatDescriptor(
    name: "loki-text",
    summary: "`logcli query`: time, labels in braces, line",
    sample: """
      2026-03-04T10:00:01Z {__aws_cloudwatch_log_group="/aws/lambda/orders"} done
      2026-03-04T10:00:00Z {__aws_cloudwatch_log_group="/aws/lambda/orders"} cache warm

      """)

  static let takesOtherLines = true

  var isSkipping = false

  init() {}

  static func prefix(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> LinePrefix? {
    guard start < text.count, text[start] &- 48 < 10 || text[start] == ANSISequence.escape else {
      return nil
    }
    var scanner = LineScanner(text, at: start)
    guard let time = scanner.time(), scanner.skipSpaces(), scanner.skip(UInt8(ascii: "{")) else {
      return nil
    }
    var prefix = LinePrefix(timestamp: time.milliseconds, textStart: scanner.index)
    while !scanner.skip(UInt8(ascii: "}")) {
      guard let label = scanner.label() else { return nil }
      let name = UnsafeBufferPointer(rebasing: text[label.name])
      if name.holds("log_group", at: name.count - 9) { prefix.group = label.value }
      if name.holds("log_stream", at: name.count - 10) { prefix.stream = label.value }
      if name.holds("cloudwatch_owner", at: name.count - 16) { prefix.account = label.value }
    }
    guard scanner.skipSpaces() else { return nil }
    prefix.textStart = scanner.index
    return prefix
  }
}

extension LineScanner {
  /// Parses `name="value"` and the separator to the next label.
  fileprivate mutating func label() -> (name: Range<Int>, value: Range<Int>)? {
    while skip(UInt8(ascii: ",")) || skip(UInt8(ascii: " ")) {}
    let start = index
    while index < text.count, isNameByte(text[index]) { index += 1 }
    let name = start..<index
    guard !name.isEmpty, skip("=\"") else { return nil }
    let valueStart = index
    while index < text.count, text[index] != UInt8(ascii: "\""), text[index] != 0x0A {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < text.count, text[index] == UInt8(ascii: "\"") else { return nil }
    index += 1
    return (name, valueStart..<index - 1)
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
  }
}
