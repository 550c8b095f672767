internal import InsightsText

/// Single events of the CloudWatch Logs API: one per line, concatenated, or in an array.
struct LogEventsFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "log-events",
    summary:
      "event objects one a line or in an array: `jq -c '.events[]'`, `sam logs --output json`, Steampipe",
    sample: """
      {"logStreamName":"2026/03/04/[$LATEST]0c4e","timestamp":1772618400000,"message":"cache warm\\n"}
      {"logStreamName":"2026/03/04/[$LATEST]0c4e","timestamp":1772618400004,"message":"done\\n"}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    if record.isKind(.array) { return list == nil && EventRecordReader.isListOfTexts(record) }
    // Elements of a list are events, even an application's own.
    return EventRecordReader.isCarriers(record)
      || (list != nil && EventRecordReader.time(of: record) != nil)
  }
}
