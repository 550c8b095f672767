internal import InsightsModel

/// Writes documents as Markdown that GitHub shows.
struct MarkdownDocumentWriter {
  func write(_ document: Document, to output: inout OutputBuffer) throws(OutputError) {
    for (index, block) in document.blocks.enumerated() {
      if index > 0 { output.append("\n") }
      switch block {
      case .heading(let level, let text):
        output.append(String(repeating: "#", count: level) + " \(Self.escaped(text))\n")
      case .paragraph(let text): output.append(Self.escaped(text) + "\n")
      case .list(let title, let items):
        output.append("**\(Self.escaped(title))**\n\n")
        for item in items { output.append("- \(Self.escaped(item))\n") }
      case .facts(let facts):
        for fact in facts {
          output.append("- **\(Self.escaped(fact.name))**: \(Self.escaped(fact.value))\n")
        }
      case .table(let table): append(table, to: &output)
      case .log(let title, let lines):
        output.append("**\(Self.escaped(title))**\n\n")
        append(lines, to: &output)
      }
      try output.flushIfFull()
    }
  }

  private func append(_ table: ResultTable, to output: inout OutputBuffer) {
    output.append("| " + table.columns.map { Self.cell($0.name) }.joined(separator: " | ") + " |\n")
    output.append("|" + String(repeating: " --- |", count: table.columns.count) + "\n")
    for row in table.rows {
      let cells = zip(table.columns, row).map { column, value in
        var bytes: [UInt8] = []
        column.appendText(of: value, to: &bytes)
        return Self.cell(String(decoding: bytes, as: UTF8.self))
      }
      output.append("| " + cells.joined(separator: " | ") + " |\n")
    }
  }

  private func append(_ lines: [Document.LogLine], to output: inout OutputBuffer) {
    var text = ""
    for line in lines {
      if line.omittedCount > 0 { text += "… \(line.omission) …\n" }
      text += line.label.isEmpty ? "" : PrintableText.line(of: line.label) + "  "
      text += PrintableText.lines(of: line.text).joined(separator: "\n") + "\n"
    }
    // A fence longer than any run of backticks in the log.
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    output.append("\(fence)text\n\(text)\(fence)\n")
  }

  private static func cell(_ text: String) -> String { escaped(text) }

  /// Text in one line that Markdown shows as it is.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in PrintableText.line(of: text) {
      switch character {
      case "\\", "`", "*", "_", "[", "]", "<", "|": escaped += "\\\(character)"
      case "&": escaped += "&amp;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
