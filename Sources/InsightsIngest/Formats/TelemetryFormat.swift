internal import InsightsText

/// Lambda's JSON events: batches of the Telemetry and Logs APIs, and the bare messages of a
/// function whose log format is JSON.
///
/// A record of type `function` or `extension` contains the line that was logged; for others the
/// whole object is the message, as in CloudWatch. A line that the application wrote as an object is
/// kept whole, with the time in its `timestamp`.
struct TelemetryFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "telemetry",
    summary: "Telemetry and Logs API events `{\"time\", \"type\", \"record\"}`, in arrays or lines",
    sample: """
      [{"time":"2026-03-04T10:00:00.000Z","type":"platform.start","record":\
      {"requestId":"7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10","version":"$LATEST"}},
       {"time":"2026-03-04T10:00:00.004Z","type":"function","record":"cache warm\\n"}]
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    var names = EventNameReader()
    return EventParts(of: record, names: &names).isTelemetry
  }
}
