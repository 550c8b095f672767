internal import InsightsText

/// Lines from Loki: the output of `logcli -o jsonl`, the replies of its query API, and requests
/// that push to it.
///
/// Group and stream come from the labels of lambda-promtail and similar tools.
struct LokiFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "loki",
    summary: "Loki: `logcli query -o jsonl`, and JSON of `/query_range` and `/push`",
    sample: """
      {"labels":{"__aws_cloudwatch_log_group":"/aws/lambda/orders"},"line":"cache warm",\
      "timestamp":"2026-03-04T10:00:00.000Z"}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    if record["line"]?.isKind(.string) == true {
      return record["timestamp"] != nil || record["labels"] != nil
    }
    return record["stream"]?.isKind(.object) == true
  }
}
