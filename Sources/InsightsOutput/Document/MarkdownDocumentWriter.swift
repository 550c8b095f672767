/// Writes documents as GitHub-flavoured Markdown.
struct MarkdownDocumentWriter {
  func write(_ document: Document, to output: inout OutputBuffer) throws(OutputError) {
    for (index, block) in document.blocks.enumerated() {
      if index > 0 { output.append("\n") }
      switch block {
      case .heading(let level, let text):
        output.append(String(repeating: "#", count: level) + " \(MarkdownTable.escaped(text))\n")
      case .paragraph(let text): output.append(MarkdownTable.escaped(text) + "\n")
      case .list(let title, let items):
        output.append("**\(MarkdownTable.escaped(title))**\n\n")
        for item in items { output.append("- \(MarkdownTable.escaped(item))\n") }
      case .facts(let facts):
        for fact in facts {
          output.append(
            "- **\(MarkdownTable.escaped(fact.name))**: \(MarkdownTable.escaped(fact.value))\n")
        }
      case .findings(let findings): append(findings, to: &output)
      case .log(let title, let lines):
        output.append("**\(MarkdownTable.escaped(title))**\n\n")
        append(lines, to: &output)
      }
      try output.flushIfFull()
    }
  }

  private func append(_ findings: [Document.Finding], to output: inout OutputBuffer) {
    var columns: [(name: String, text: (Document.Finding) -> String?)] = [
      ("#", { "\($0.number)" }), ("status", { "\($0.status)" }), ("cause", { $0.title }),
      ("requests", { $0.facts.joined(separator: " · ") }), ("evidence", { $0.evidence }),
      ("what to change", { $0.advice }),
    ]
    columns.removeAll { column in findings.allSatisfy { column.text($0) == nil } }
    output.append("| " + columns.map(\.name).joined(separator: " | ") + " |\n")
    output.append("|" + columns.map { _ in " --- |" }.joined() + "\n")
    for finding in findings {
      let cells = columns.map { MarkdownTable.escaped($0.text(finding) ?? "") }
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
    // The fence must be longer than any run of backticks in the log.
    var longest = 2
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    output.append("\(fence)text\n\(text)\(fence)\n")
  }
}
