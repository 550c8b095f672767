internal import InsightsModel
internal import InsightsText

/// `ndjson`: the objects of `json`, one a line and nothing around them.
struct JSONLinesFormat: ResultFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "ndjson", summary: "one JSON object a line")

  init(terminal: Terminal, timeZone: TimeZone) {}

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    let rowWriter = JSONRowWriter(columns: table.columns)
    for row in table.rows {
      rowWriter.append(row, to: &output.bytes)
      output.append("\n")
      try output.flushIfFull()
    }
  }
}
