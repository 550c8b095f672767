internal import InsightsModel
internal import InsightsText

/// `json`: one array of objects, one row a line; several results are one object of such arrays.
struct JSONFormat: ResultCollectionFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "json", summary: "one array of objects, keys in column order")

  init(terminal: Terminal, timeZone: TimeZone) {}

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    try Self.writeArray(of: table, indentation: "", to: &output)
    output.append("\n")
  }

  func write(_ results: [NamedResult], to output: inout OutputBuffer) throws(OutputError) {
    output.append("{")
    for (index, result) in results.enumerated() {
      output.append(index == 0 ? "\n  " : ",\n  ")
      JSONWriter.append(string: result.name, to: &output.bytes)
      output.append(": ")
      try Self.writeArray(of: result.table, indentation: "  ", to: &output)
    }
    output.append(results.isEmpty ? "}\n" : "\n}\n")
  }

  private static func writeArray(
    of table: ResultTable, indentation: String, to output: inout OutputBuffer
  ) throws(OutputError) {
    let rowWriter = JSONRowWriter(columns: table.columns)
    output.append("[")
    for (index, row) in table.rows.enumerated() {
      output.append(index == 0 ? "\n" : ",\n")
      output.append(indentation)
      output.append("  ")
      rowWriter.append(row, to: &output.bytes)
      try output.flushIfFull()
    }
    output.append(table.rows.isEmpty ? "]" : "\n\(indentation)]")
  }
}
