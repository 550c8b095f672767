/// Datadog's export of logs: columns `Date` and `Message`, and others on request.
struct DatadogCSVFormat: CSVFormat {
  static let descriptor = LogFormatDescriptor(
    name: "datadog-csv",
    summary: "Datadog's log export as CSV: Date, Host, Service, Message",
    sample: """
      Date,Host,Service,Message
      2026-03-04T10:00:01.000Z,"i-0a1b","orders","done"
      2026-03-04T10:00:00.000Z,"i-0a1b","orders","cache warm"

      """)

  var state = CSVState()

  init() {}

  static func recognizes(_ header: [String]) -> Bool {
    let names = header.map { $0.lowercased() }
    return names.contains("date") && names.contains("service")
      && (names.contains("message") || names.contains("content"))
  }
}
