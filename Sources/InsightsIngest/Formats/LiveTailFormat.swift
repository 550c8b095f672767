internal import InsightsText

/// What the API of `StartLiveTail` sends: `{"sessionUpdate": {"sessionResults": […]}}`.
struct LiveTailFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "live-tail",
    summary: "objects of the StartLiveTail response stream, one a line or in an array",
    sample: """
      {"sessionUpdate":{"sessionMetadata":{"sampled":false},"sessionResults":[{"logStreamName":\
      "2026/03/04/[$LATEST]0c4e","logGroupIdentifier":"123456789012:/aws/lambda/orders",\
      "message":"cache warm\\n","timestamp":1772618400000,"ingestionTime":1772618401250}]}}
      """)

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    record["sessionUpdate"]?.isKind(.object) == true
      || record["sessionStart"]?.isKind(.object) == true
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    guard var results = record["sessionUpdate"]?["sessionResults"]?.elements else { return }
    while let element = results.next() {
      LogEventRecord.append(JSONRecord(text: record.text, value: element), to: &batch)
    }
  }
}
