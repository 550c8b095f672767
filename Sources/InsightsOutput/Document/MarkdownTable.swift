internal import InsightsModel
internal import InsightsText

/// Writes results and text as GitHub-flavoured Markdown; writes nothing if there are no columns.
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

  /// Escapes text for one line, so that Markdown shows it unchanged.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    // By code points: as a `Character`, a bar with a combining accent would not equal a bar.
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
