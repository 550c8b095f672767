internal import InsightsText

/// Messages of the API `StartLiveTail`: `{"sessionUpdate": {"sessionResults": […]}}`.
struct LiveTailFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "live-tail",
    summary: "objects of the StartLiveTail response stream, one a line or in an array",
    sample: """
      {"sessionUpdate":{"sessionMetadata":{"sampled":false},"sessionResults":[{"logStreamName":\
      "2026/03/04/[$LATEST]0c4e","logGroupIdentifier":"123456789012:/aws/lambda/orders",\
      "message":"cache warm\\n","timestamp":1772618400000,"ingestionTime":1772618401250}]}}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    record["sessionUpdate"]?.isKind(.object) == true
      || record["sessionStart"]?.isKind(.object) == true
  }
}
