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

  static func recognizes(_ header: [String]) -> Bool {
    let columns = CSVColumns(of: header)
    return columns.timestamp != nil && columns.message != nil && header.count > 1
  }
}
