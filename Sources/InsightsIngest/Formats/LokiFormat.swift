internal import InsightsText

/// Lines out of Loki: the lines of `logcli -o jsonl`, the replies of its query API, and what is
/// pushed to it.
///
/// Group and stream are those of the labels that lambda-promtail and its relatives set.
struct LokiFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "loki",
    summary: "Loki: `logcli query -o jsonl`, and JSON of `/query_range` and `/push`",
    sample: """
      {"labels":{"__aws_cloudwatch_log_group":"/aws/lambda/orders"},"line":"cache warm",\
      "timestamp":"2026-03-04T10:00:00.000Z"}
      """)

  static let recordPaths: [[StaticString]] = [["data", "result"], ["streams"]]

  private static let groupLabels: [StaticString] = [
    "__aws_cloudwatch_log_group", "log_group", "cloudwatch_log_group",
  ]
  private static let streamLabels: [StaticString] = [
    "__aws_cloudwatch_log_stream", "log_stream", "cloudwatch_log_stream",
  ]

  var walk = JSONRecordWalk(paths: recordPaths)

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    if record["line"]?.isKind(.string) == true {
      return record["timestamp"] != nil || record["labels"] != nil
    }
    return record["stream"]?.isKind(.object) == true
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    let labels = record["labels"] ?? record["stream"]
    let stream = stream(of: labels, in: &batch)
    if let line = record["line"] {
      append(line, at: record["timestamp"], of: stream, to: &batch)
      return
    }
    guard var values = record["values"]?.elements else { return }
    while let element = values.next() {
      var pair = JSONElements(
        of: record.text, arrayAt: element.kind == .array ? element.range.lowerBound : -1)
      guard let time = pair.next(), let line = pair.next() else { continue }
      append(
        JSONRecord(text: record.text, value: line), at: JSONRecord(text: record.text, value: time),
        of: stream, to: &batch)
    }
  }

  private func append(
    _ line: JSONRecord, at time: JSONRecord?, of stream: Int, to batch: inout LogEventBatch
  ) {
    batch.append(
      LogEventBatch.Event(
        timestamp: time?.timestamp, stream: stream, message: line.appendText(to: &batch)))
  }

  private func stream(of labels: JSONRecord?, in batch: inout LogEventBatch) -> Int {
    guard let labels else { return 0 }
    let group = Self.groupLabels.lazy.compactMap { labels[$0]?.name }.first
    let name = Self.streamLabels.lazy.compactMap { labels[$0]?.name }.first
    let owner = labels["__aws_cloudwatch_owner"]?.name
    guard group != nil || name != nil || owner != nil else { return 0 }
    return batch.stream(account: owner, group: group, name: name)
  }
}
