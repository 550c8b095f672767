internal import InsightsText

/// Events of Elastic's Filebeat and Functionbeat, one per line or in an array.
struct BeatsFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "beats",
    summary: "events of Filebeat's input `aws-cloudwatch`, and of Functionbeat",
    sample: """
      {"@timestamp":"2026-03-04T10:00:00.000Z","message":"cache warm","input":{"type":\
      "aws-cloudwatch"},"awscloudwatch":{"log_group":"/aws/lambda/orders","log_stream":\
      "2026/03/04/[$LATEST]0c4e","ingestion_time":"2026-03-04T10:00:01.250Z"}}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    guard record["@timestamp"] != nil, record["_source"] == nil else { return false }
    return record["awscloudwatch"] != nil || record["aws.cloudwatch.log_group"] != nil
      || record["@metadata"]?["beat"] != nil || record["agent"]?["type"] != nil
  }
}
