internal import InsightsText

/// Files of OpenTelemetry's collector, and requests to one, in JSON.
struct OpenTelemetryFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "otlp",
    summary:
      "OpenTelemetry's log records: requests in JSON, as the collector's file exporter writes",
    sample: """
      {"resourceLogs":[{"resource":{"attributes":[{"key":"aws.log.group.names","value":\
      {"arrayValue":{"values":[{"stringValue":"/aws/lambda/orders"}]}}}]},"scopeLogs":\
      [{"logRecords":[{"timeUnixNano":"1772618400000000000","body":\
      {"stringValue":"cache warm"}}]}]}]}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    (record["resourceLogs"] ?? record["resource_logs"])?.isKind(.array) == true
  }
}
