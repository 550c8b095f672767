internal import InsightsText

/// Replies of `aws lambda invoke --log-type Tail`: `LogResult` is base64 of the last 4 KB of log.
///
/// The first line may be truncated; what remains of it is kept.
struct InvokeTailFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "invoke-tail",
    summary: "JSON of `aws lambda invoke --log-type Tail`: the last 4 KB of log in `LogResult`",
    sample: """
      {
        "StatusCode": 200,
        "LogResult": "Y2FjaGUgd2FybQpkb25lCg==",
        "ExecutedVersion": "$LATEST"
      }
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    record["LogResult"]?.isKind(.string) == true
  }
}
