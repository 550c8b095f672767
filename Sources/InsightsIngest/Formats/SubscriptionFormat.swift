internal import InsightsText

/// Data that a subscription filter delivers: documents with the events of one stream each.
///
/// They are decoded (as Firehose writes them to S3, concatenated), the event that a Lambda function
/// receives (`awslogs.data`), or records of Kinesis (`Data`), the latter two in base64 and gzip;
/// each also in a message of SQS, SNS or EventBridge. Control messages are not events.
struct SubscriptionFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "subscription",
    summary: "subscription filter documents: decoded, as a Lambda event, from Firehose or Kinesis",
    sample: """
      {"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/orders",\
      "logStream":"2026/03/04/[$LATEST]0c4e","subscriptionFilters":["all"],\
      "logEvents":[{"id":"3912","timestamp":1772618400000,"message":"cache warm\\n"}]}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    if record["messageType"] != nil || record["subscriptionFilters"] != nil { return true }
    if record["logGroup"] != nil, record["owner"] != nil, record["logEvents"] != nil { return true }
    var names = EventNameReader()
    return EventParts(of: record, names: &names).encodedData != nil
      || EventRecordReader.carriesDocument(record)
  }
}
