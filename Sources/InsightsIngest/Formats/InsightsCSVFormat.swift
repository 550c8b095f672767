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

  static func columns(of header: [String]) -> CSVColumns? {
    guard let message = header.firstIndex(of: "@message") else { return nil }
    return CSVColumns(
      message: message, timestamp: header.firstIndex(of: "@timestamp"),
      ingestionTime: header.firstIndex(of: "@ingestionTime"), group: header.firstIndex(of: "@log"),
      stream: header.firstIndex(of: "@logStream"), eventID: header.firstIndex(of: "@eventId"))
  }
}
