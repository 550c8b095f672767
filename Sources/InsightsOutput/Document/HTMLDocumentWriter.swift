internal import InsightsModel

/// Writes documents as one self-contained HTML page.
struct HTMLDocumentWriter {
  func write(_ document: Document, to output: inout OutputBuffer) throws(OutputError) {
    try HTMLPage.write(title: document.title, to: &output) { output throws(OutputError) in
      var section = 0
      for block in document.blocks {
        switch block {
        case .heading(let level, let text):
          section += level == 2 ? 1 : 0
          let anchor = level == 2 ? " id=\"section-\(section)\"" : ""
          output.append("<h\(level)\(anchor)>\(escaped(text))</h\(level)>\n")
        case .paragraph(let text): output.append("<p>\(escaped(text))</p>\n")
        case .list(let title, let items):
          output.append("<h3>\(escaped(title))</h3>\n<ul>\n")
          for item in items { output.append("<li>\(escaped(item))</li>\n") }
          output.append("</ul>\n")
        case .facts(let facts):
          output.append("<dl>\n")
          for fact in facts {
            output.append(
              "<dt>\(escaped(fact.name))</dt>"
                + "<dd>\(escaped(fact.value))</dd>\n")
          }
          output.append("</dl>\n")
        case .table(let table): try HTMLTable.append(table, to: &output)
        case .log(let title, let lines):
          output.append("<h3>\(escaped(title))</h3>\n<div class=\"log\">\n")
          for line in lines { append(line, to: &output) }
          output.append("</div>\n")
        }
        try output.flushIfFull()
      }
    }
  }

  private func append(_ line: Document.LogLine, to output: inout OutputBuffer) {
    if line.omittedCount > 0 {
      output.append(
        "<div class=\"bare\"><span class=\"omitted\">"
          + "… \(line.omission) …</span></div>\n")
    }
    let text = PrintableText.lines(of: line.text).joined(separator: "\n")
    if line.label.isEmpty {
      output.append("<div class=\"bare\">")
    } else {
      output.append(
        "<div><span class=\"label\">\(escaped(line.label))</span>")
    }
    output.append("<span class=\"text\">\(HTMLPage.escaped(text))</span></div>\n")
  }

  /// Text in one line, without control characters, which HTML does not allow.
  private func escaped(_ text: String) -> String {
    HTMLPage.escaped(PrintableText.line(of: text))
  }
}
