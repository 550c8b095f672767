internal import InsightsText

/// Events of the CloudWatch Logs API on their own: one a line, back to back, or in an array.
struct LogEventsFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "log-events",
    summary:
      "event objects one a line or in an array: `jq -c '.events[]'`, `sam logs --output json`",
    sample: """
      {"logStreamName":"2026/03/04/[$LATEST]0c4e","timestamp":1772618400000,"message":"cache warm\\n"}
      {"logStreamName":"2026/03/04/[$LATEST]0c4e","timestamp":1772618400004,"message":"done\\n"}
      """)

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool { LogEventRecord.isEvent(record) }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    LogEventRecord.append(record, to: &batch)
  }
}
