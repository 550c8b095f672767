internal import InsightsText

/// Lambda's JSON events: batches of the Telemetry and Logs APIs, and the bare messages of a
/// function whose log format is JSON.
///
/// A record of type `function` or `extension` is the line that was logged; of the others the whole
/// object is the message, as CloudWatch has it. A line that the application wrote as an object of
/// its own is taken whole, with the time in its `timestamp`.
struct TelemetryFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "telemetry",
    summary: "Telemetry and Logs API events `{\"time\", \"type\", \"record\"}`, in arrays or lines",
    sample: """
      [{"time":"2026-03-04T10:00:00.000Z","type":"platform.start","record":\
      {"requestId":"7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10","version":"$LATEST"}},
       {"time":"2026-03-04T10:00:00.004Z","type":"function","record":"cache warm\\n"}]
      """)

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    guard record["time"]?.timestamp != nil, let type = record["type"]?.name,
      record["record"] != nil
    else { return false }
    return type.holds("platform.", at: 0) || isLine(type)
  }

  private static func isLine(_ type: UnsafeBufferPointer<UInt8>) -> Bool {
    type.elementsEqual("function".utf8) || type.elementsEqual("extension".utf8)
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    let time = (record["time"] ?? record["timestamp"])?.timestamp
    var message = record
    if let type = record["type"]?.name, Self.isLine(type), let line = record["record"] {
      message = line
    }
    batch.append(
      LogEventBatch.Event(timestamp: time, message: message.appendText(to: &batch)))
  }
}
