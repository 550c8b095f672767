internal import InsightsScan
internal import InsightsText

/// `--output text` of `get-query-results`: a line with `RESULTS`, name and value for each field of
/// a row.
///
/// Values contain their own TABs and line ends. A row ends where a name is repeated.
struct GetQueryResultsTextFormat: LogFormat {
  static let descriptor = LogFormatDescriptor(
    name: "get-query-results-text",
    summary: "`--output text` of `aws logs get-query-results`; `@message` must be among the fields",
    sample: """
      CWLI\tComplete
      RESULTS\t@timestamp\t2026-03-04 10:00:00.004
      RESULTS\t@message\tdone

      RESULTS\t@timestamp\t2026-03-04 10:00:00.000
      RESULTS\t@message\tcache warm

      STATISTICS\t1234.0\t2.0\t2.0

      """)

  /// A field of a row, as ranges in the window.
  private struct Cell {
    var name: Range<Int>
    var value: Range<Int>
  }

  private static let head: StaticString = "RESULTS\t"

  private var isSkipping = false

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    // The status and the language of the query may come first, or the statistics.
    for _ in 0..<6 {
      if cell(in: head, at: index, end: head.count) != nil { return true }
      guard let end = head.firstOffset(of: 0x0A, from: index) else { return false }
      index = end + 1
    }
    return false
  }

  private static func cell(
    in text: UnsafeBufferPointer<UInt8>, at start: Int, end: Int
  ) -> Cell? {
    guard text.holds(head, at: start),
      let tab = text.firstOffset(of: 0x09, from: start + 8, to: min(end, start + 1024))
    else { return nil }
    return Cell(name: start + 8..<tab, value: tab + 1..<max(end, tab + 1))
  }

  mutating func read(
    _ window: UnsafeBufferPointer<UInt8>, ending: WindowEnding, into batch: inout LogEventBatch
  ) -> Int {
    let window = window.withoutCutLine(ending, batch: &batch)
    var row: [Cell] = []
    var rowStart = 0
    var index = 0
    while index < window.count {
      let lineEnd = window.firstOffset(of: 0x0A, from: index)
      if ending == .more, lineEnd == nil || lineEnd == window.count - 1 {
        // Only the next line shows whether the value continues.
        guard window.count - rowStart > batch.limits.eventByteCount else { return rowStart }
        batch.remark(
          .lossy, at: rowStart, "an event of more than \(batch.limits.eventWords) is cut to that")
        append(row, of: window, at: rowStart, to: &batch)
        isSkipping = true
        return window.count
      }
      let end = lineEnd ?? window.count
      if let cell = Self.cell(in: window, at: index, end: end) {
        isSkipping = false
        let name = UnsafeBufferPointer(rebasing: window[cell.name])
        if row.contains(where: { window.holds(name, in: $0.name) }) {
          append(row, of: window, at: rowStart, to: &batch)
          row = []
        }
        if row.isEmpty { rowStart = index }
        row.append(cell)
      } else if window.holds("STATISTICS\t", at: index) {
        append(row, of: window, at: rowStart, to: &batch)
        row = []
        rowStart = end + 1
      } else if !row.isEmpty {
        row[row.count - 1].value = row[row.count - 1].value.lowerBound..<end
      } else {
        // Text before the first row is about the query.
        rowStart = end + 1
      }
      index = end + 1
    }
    if ending == .more { return min(rowStart, window.count) }
    append(row, of: window, at: rowStart, to: &batch)
    return window.count
  }

  private func append(
    _ row: [Cell], of window: UnsafeBufferPointer<UInt8>, at offset: Int,
    to batch: inout LogEventBatch
  ) {
    guard !row.isEmpty, !isSkipping else { return }
    var event = LogEventBatch.Event(message: 0..<0)
    var log: LogGroupName?
    var stream: UnsafeBufferPointer<UInt8>?
    var attributes: [LogEventBatch.Attribute] = []
    var hasMessage = false
    for cell in row {
      let name = UnsafeBufferPointer(rebasing: window[cell.name])
      let value = UnsafeBufferPointer(rebasing: window[cell.value])
      if let attribute = EventNames.attribute(name) {
        attributes.append((attribute, value))
        continue
      }
      switch EventNames.meaning(of: name)?.part {
      case .time: event.timestamp = JSONRecord.timestamp(of: value)
      case .ingestionTime: event.ingestionTime = JSONRecord.timestamp(of: value)
      case .message:
        event.message = batch.append(value)
        hasMessage = true
      case .eventID: event.eventID = batch.append(value)
      case .log, .group: log = LogGroupName(value)
      case .stream: stream = value
      default: break
      }
    }
    guard hasMessage else {
      batch.remark(.lossy, at: offset, EventRecordReader.rowRemark)
      return
    }
    if log != nil || stream != nil || !attributes.isEmpty {
      event.stream = batch.stream(
        account: log?.account, group: log?.group, name: stream, attributes: attributes)
    }
    batch.append(event)
  }
}
