internal import InsightsText

/// Events as produced by Vector after parsing a subscription message; flat, or in `log_events`.
struct VectorFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "vector",
    summary: "Vector's events of CloudWatch subscription messages, one a line",
    sample: """
      {"id":"3912","log_group":"/aws/lambda/orders","log_stream":"2026/03/04/[$LATEST]0c4e",\
      "message":"cache warm","message_type":"DATA_MESSAGE","owner":"123456789012",\
      "source_type":"aws_kinesis_firehose","timestamp":"2026-03-04T10:00:00Z"}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    guard record["log_group"] != nil, record["log_stream"] != nil else { return false }
    return record["message"] != nil || record["log_events"] != nil
  }
}
