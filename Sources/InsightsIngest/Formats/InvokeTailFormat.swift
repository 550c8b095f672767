internal import InsightsText

/// Replies of `aws lambda invoke --log-type Tail`: `LogResult` is base64 of the last 4 KB of log.
///
/// The first line may be cut; it is kept all the same where more of it than nothing is there.
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
