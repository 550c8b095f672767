/// The console's "Download search results (CSV)": columns `timestamp` and `message`.
struct ConsoleCSVFormat: CSVFormat {
  static let descriptor = LogFormatDescriptor(
    name: "console-csv",
    summary: "the console's search results as CSV: epoch milliseconds and message",
    sample: """
      timestamp,message
      1772618400000,"cache warm
      "
      1772618400004,"rows: ""none""
      "

      """)

  var state = CSVState()

  init() {}

  static func columns(of header: [String]) -> CSVColumns? {
    guard let time = header.firstIndex(of: "timestamp"),
      let message = header.firstIndex(of: "message")
    else { return nil }
    return CSVColumns(
      message: message, timestamp: time, ingestionTime: header.firstIndex(of: "ingestionTime"),
      group: header.firstIndex(of: "logGroupName"), stream: header.firstIndex(of: "logStreamName"))
  }
}
