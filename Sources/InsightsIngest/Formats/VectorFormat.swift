internal import InsightsText

/// Events as Vector has them after parsing a subscription message; flat, or in `log_events`.
struct VectorFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "vector",
    summary: "Vector's events of CloudWatch subscription messages, one a line",
    sample: """
      {"id":"3912","log_group":"/aws/lambda/orders","log_stream":"2026/03/04/[$LATEST]0c4e",\
      "message":"cache warm","message_type":"DATA_MESSAGE","owner":"123456789012",\
      "source_type":"aws_kinesis_firehose","timestamp":"2026-03-04T10:00:00Z"}
      """)

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    guard record["log_group"] != nil, record["log_stream"] != nil else { return false }
    return record["message"] != nil || record["log_events"] != nil
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    if record["message_type"]?.bytes.holds("CONTROL_MESSAGE", at: 0) == true { return }
    let stream = batch.stream(
      account: record["owner"]?.name, group: record["log_group"]?.name,
      name: record["log_stream"]?.name)
    guard var events = record["log_events"]?.elements else {
      append(event: record, stream, to: &batch)
      return
    }
    while let element = events.next() {
      append(event: JSONRecord(text: record.text, value: element), stream, to: &batch)
    }
  }

  private func append(event record: JSONRecord, _ stream: Int, to batch: inout LogEventBatch) {
    guard let message = record["message"] else { return }
    var event = LogEventBatch.Event(
      timestamp: record["timestamp"]?.timestamp, stream: stream,
      message: message.appendText(to: &batch))
    if let id = record["id"], id.isKind(.string) { event.eventID = id.appendText(to: &batch) }
    batch.append(event)
  }
}
