/// Results of Logs Insights as CSV: a column for each field of the query.
struct InsightsCSVFormat: CSVFormat {
  static let descriptor = LogFormatDescriptor(
    name: "insights-csv",
    summary: "Logs Insights results exported as CSV; `@message` must be among the fields",
    sample: """
      @timestamp,@message,@logStream,@log
      2026-03-04 10:00:00.000,cache warm,2026/03/04/[$LATEST]0c4e,123456789012:/aws/lambda/orders

      """)

  var state = CSVState()

  init() {}

  static func recognizes(_ header: [String]) -> Bool {
    header.contains { ["@message", "@timestamp", "@ptr"].contains($0) }
  }
}
