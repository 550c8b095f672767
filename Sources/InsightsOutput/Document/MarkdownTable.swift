internal import InsightsModel
internal import InsightsText

/// Results and text as Markdown that GitHub shows; without columns nothing.
struct MarkdownTable: RowWriter {
  let columns: [ResultColumn]
  let timeZone: TimeZone

  func appendHead(to bytes: inout [UInt8]) {
    guard !columns.isEmpty else { return }
    let names = columns.map { Self.escaped($0.name) }.joined(separator: " | ")
    let rules = columns.map { Self.isNumeric($0) ? " ---: |" : " --- |" }.joined()
    bytes.append(contentsOf: "| \(names) |\n|\(rules)\n".utf8)
  }

  func append(_ row: [Value], number: Int, to bytes: inout [UInt8]) {
    guard !columns.isEmpty else { return }
    let cells = columns.indices.map { index in
      var text: [UInt8] = []
      if index < row.count { columns[index].appendText(of: row[index], in: timeZone, to: &text) }
      return Self.escaped(String(decoding: text, as: UTF8.self))
    }
    bytes.append(contentsOf: "| \(cells.joined(separator: " | ")) |\n".utf8)
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
