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

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    record["LogResult"]?.isKind(.string) == true
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    guard let result = record["LogResult"] else { return }
    guard let text = Base64.decode(result.bytes) else {
      batch.remark(
        .lossy, at: result.value.range.lowerBound, "data that is no base64 is left out")
      return
    }
    text.withUnsafeBufferPointer { text in
      var lines = PlainTextFormat()
      _ = lines.read(text, ending: .end, into: &batch)
    }
  }
}
