internal import InsightsModel
internal import InsightsText

/// Results and text as Markdown that GitHub shows.
enum MarkdownTable {
  /// Writes a table; without columns nothing.
  ///
  /// - Throws: `OutputError` when the output cannot be written.
  static func write(
    _ table: ResultTable, in timeZone: TimeZone = .utc, to output: inout OutputBuffer
  ) throws(OutputError) {
    guard !table.columns.isEmpty else { return }
    output.append("| " + table.columns.map { escaped($0.name) }.joined(separator: " | ") + " |\n")
    output.append("|" + table.columns.map { isNumeric($0) ? " ---: |" : " --- |" }.joined() + "\n")
    for row in table.rows {
      let cells = table.columns.indices.map { index in
        var bytes: [UInt8] = []
        if index < row.count {
          table.columns[index].appendText(of: row[index], in: timeZone, to: &bytes)
        }
        return escaped(String(decoding: bytes, as: UTF8.self))
      }
      output.append("| " + cells.joined(separator: " | ") + " |\n")
      try output.flushIfFull()
    }
  }

  /// Text in one line that Markdown shows as it is.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    // Scalar by scalar: to `Character` a bar with an accent behind it is no bar.
    for scalar in PrintableText.line(of: text).unicodeScalars {
      switch scalar {
      case "\\", "`", "*", "_", "[", "]", "<", "|", "~":
        escaped += "\\"
        escaped.unicodeScalars.append(scalar)
      case "&": escaped += "&amp;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func isNumeric(_ column: ResultColumn) -> Bool {
    column.type == .number || column.type == .boolean
  }
}
