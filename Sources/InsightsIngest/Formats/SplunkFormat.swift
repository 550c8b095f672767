internal import InsightsText

/// Events for Splunk's HTTP event collector, one after the other.
///
/// `event` is the message, a text or an object; beside it are a time and its origin.
struct SplunkFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "splunk-hec",
    summary: "events for Splunk's HTTP event collector: `{\"time\", \"event\", \"sourcetype\"}`",
    sample: """
      {"time":1772618400.004,"source":"lambda:orders","sourcetype":"aws:lambda","event":"cache warm"}
      {"time":1772618400.104,"source":"lambda:orders","sourcetype":"aws:lambda","event":"done"}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    record["event"] != nil && record["message"] == nil && EventRecordReader.isEvent(record)
  }
}
