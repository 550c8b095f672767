internal import InsightsText

/// Results of Logs Insights as JSON: an array of flat objects of the query's fields.
///
/// A JSON message may be an object.
struct InsightsJSONFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "insights-json",
    summary: "Logs Insights results exported as JSON; `@message` must be among the fields",
    sample: """
      [
        {
          "@timestamp": "2026-03-04 10:00:00.000",
          "@message": "cache warm\\n",
          "@logStream": "2026/03/04/[$LATEST]0c4e",
          "@log": "123456789012:/aws/lambda/orders"
        }
      ]
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    guard record["_source"] == nil, record["@log_group"] == nil, record["@id"] == nil else {
      return false
    }
    return record["@message"] != nil || record["@ptr"] != nil
      || (record["@timestamp"] != nil && record["@log"] != nil)
  }
}
