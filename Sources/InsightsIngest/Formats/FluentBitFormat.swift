internal import InsightsText

/// Records of Fluent Bit and Fluentd: a line in `log`, and a time in seconds in `date` or `time`.
struct FluentBitFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "fluent-bit",
    summary: "Fluent Bit and Fluentd records `{\"date\", \"log\"}`, one a line or in an array",
    sample: """
      {"date":1772618400.004125,"log":"cache warm","stream":"stdout"}
      {"date":1772618400.104125,"log":"done","stream":"stdout"}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    record["log"]?.isKind(.string) == true
      && (record["date"] ?? record["time"] ?? record["@timestamp"])?.timestamp != nil
  }
}
