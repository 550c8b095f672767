internal import InsightsText

/// Results of Logs Insights copied as Markdown: a header with the log groups, then a table.
///
/// Line ends of the messages are spaces, but their bars are not escaped: only the outermost bars of
/// a row separate cells.
struct InsightsMarkdownFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "insights-markdown",
    summary: "Logs Insights results copied as Markdown; `@message` must be among the fields",
    sample: """
      **CloudWatch Logs Insights**
      region: eu-west-1
      log-group-names: /aws/lambda/orders
      start-time: -3600s
      end-time: 0s
      query-string:
        ```
        fields @timestamp, @message
        ```
      ---
      | @timestamp | @message |
      | --- | --- |
      | 2026-03-04 10:00:01.000 | done |
      | 2026-03-04 10:00:00.000 | a | b |
      ---

      """)

  private var group: String?
  private var fields: [String]?
  private var isInQuery = false
  private var isSkipping = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    if head.firstOffset(of: "**C").map({ head[..<$0].allSatisfy { $0 <= 0x20 } }) == true {
      return head.firstOffset(of: "Logs Insights**") != nil
    }
    // The table alone.
    guard let start = head.firstIndex(where: { $0 > 0x20 }), head[start] == UInt8(ascii: "|") else {
      return false
    }
    let end = head.firstOffset(of: 0x0A, from: start) ?? head.count
    return UnsafeBufferPointer(rebasing: head[start..<end]).firstOffset(of: "| @message |") != nil
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    var index = 0
    while index < window.count {
      let lineEnd = window.firstOffset(of: 0x0A, from: index)
      if lineEnd == nil, ending == .more {
        guard window.count - index > batch.limits.eventByteCount else { return index }
        batch.remark(
          .lossy, at: index, "a line of more than \(batch.limits.eventWords) is left out")
        isSkipping = true
        return window.count
      }
      let end = lineEnd ?? window.count
      if isSkipping {
        isSkipping = false
      } else {
        read(line: index..<end, of: window, into: &batch)
      }
      index = end + 1
    }
    return window.count
  }

  private mutating func read(
    line: Range<Int>, of window: UnsafeBufferPointer<UInt8>, into batch: inout LogEventBatch
  ) {
    let bytes = UnsafeBufferPointer(rebasing: window[line])
    if bytes.firstOffset(of: "```") != nil {
      isInQuery.toggle()
    } else if isInQuery {
      return
    } else if bytes.holds("log-group-names:", at: 0) {
      let names = String(decoding: bytes.dropFirst(16), as: UTF8.self).split(separator: ",")
        .map { String($0.drop { $0 == " " }.prefix { $0 > " " }) }.filter { !$0.isEmpty }
      // With several groups, that of an event is unknown.
      group = names.count == 1 ? names[0] : nil
    } else if bytes.first == UInt8(ascii: "|") {
      row(line, of: window, into: &batch)
    }
  }

  private mutating func row(
    _ line: Range<Int>, of window: UnsafeBufferPointer<UInt8>, into batch: inout LogEventBatch
  ) {
    var bars: [Int] = []
    for index in line where window[index] == UInt8(ascii: "|") { bars.append(index) }
    guard let fields else {
      let names = zip(bars, bars.dropFirst()).map { start, end in
        String(decoding: window[start + 1..<end], as: UTF8.self).filter { $0 != " " }
      }
      self.fields = names
      if !names.contains("@message") {
        batch.remark(.lossy, at: line.lowerBound, EventRecordReader.rowRemark)
      }
      return
    }
    guard let message = fields.firstIndex(of: "@message"), bars.count > fields.count else { return }
    if window[bars[0]..<bars[1]].allSatisfy({ [0x20, 0x2D, 0x3A, 0x7C].contains($0) }) { return }
    var event = LogEventBatch.Event(message: 0..<0)
    var place: LogGroupName?
    var stream: UnsafeBufferPointer<UInt8>?
    let after = fields.count - message - 1
    for (position, name) in fields.enumerated() {
      // Cells after the message are counted from the end of the row.
      let first =
        position <= message ? bars[position] : bars[bars.count - fields.count + position - 1]
      let last =
        position < message
        ? bars[position + 1]
        : position == message
          ? bars[bars.count - 1 - after]
          : bars[bars.count - fields.count + position]
      guard first < last else { return }
      let cell = trimmed(first + 1..<last, of: window)
      let bytes = UnsafeBufferPointer(rebasing: window[cell])
      switch name {
      case "@timestamp": event.timestamp = Timestamp.parseISO8601(bytes)?.milliseconds
      case "@ingestionTime": event.ingestionTime = Timestamp.parseISO8601(bytes)?.milliseconds
      case "@message": event.message = batch.append(bytes)
      case "@log": place = bytes.isEmpty ? nil : LogGroupName(bytes)
      case "@logStream": stream = bytes.isEmpty ? nil : bytes
      default: break
      }
    }
    if place != nil || stream != nil || group != nil {
      var group = group
      event.stream =
        group?.withUTF8 { group in
          batch.stream(
            account: place?.account, group: place?.group ?? group, name: stream)
        } ?? batch.stream(account: place?.account, group: place?.group, name: stream)
    }
    batch.append(event)
  }

  private func trimmed(
    _ range: Range<Int>, of window: UnsafeBufferPointer<UInt8>
  ) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, window[start] == 0x20 { start += 1 }
    while end > start, window[end - 1] == 0x20 { end -= 1 }
    return start..<end
  }
}
