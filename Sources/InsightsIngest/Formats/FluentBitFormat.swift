internal import InsightsText

/// Records of Fluent Bit and Fluentd: a line in `log`, and a time in seconds in `date` or `time`.
struct FluentBitFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "fluent-bit",
    summary: "Fluent Bit and Fluentd records `{\"date\", \"log\"}`, one a line or in an array",
    sample: """
      {"date":1772618400.004125,"log":"cache warm","stream":"stdout"}
      {"date":1772618400.104125,"log":"done","stream":"stdout"}
      """)

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    record["log"]?.isKind(.string) == true && time(of: record) != nil
  }

  private static func time(of record: JSONRecord) -> Int64? {
    (record["date"] ?? record["time"] ?? record["@timestamp"])?.timestamp
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    guard let line = record["log"] else {
      batch.remark(
        .lossy, at: record.value.range.lowerBound, "records without a log line are left out")
      return
    }
    batch.append(
      LogEventBatch.Event(
        timestamp: Self.time(of: record), message: line.appendText(to: &batch)))
  }
}
