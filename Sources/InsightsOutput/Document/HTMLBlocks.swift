/// Writes the blocks of a document as HTML elements.
enum HTMLBlocks {
  /// Appends blocks; headings of level 2 get anchors, numbered from 1.
  static func append(
    _ blocks: [Document.Block], to output: inout OutputBuffer
  ) throws(OutputError) {
    var section = 0
    for block in blocks {
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
      case .facts(let facts): append(facts, to: &output)
      case .findings(let findings): append(findings, to: &output)
      case .log(let title, let lines):
        output.append("<h3>\(escaped(title))</h3>\n<div class=\"log\">\n")
        for line in lines { append(line, to: &output) }
        output.append("</div>\n")
      }
      try output.flushIfFull()
    }
  }

  /// Appends names and values.
  static func append(_ facts: [Document.Fact], to output: inout OutputBuffer) {
    output.append("<dl>\n")
    for fact in facts {
      output.append("<dt>\(escaped(fact.name))</dt><dd>\(escaped(fact.value))</dd>\n")
    }
    output.append("</dl>\n")
  }

  /// The number of findings that are shown expanded if each has details.
  private static let openFindingLimit = 6

  private static func append(_ findings: [Document.Finding], to output: inout OutputBuffer) {
    // An overview links to the sections, so it must show all findings.
    let isLong = findings.count > openFindingLimit + 2 && findings.first?.section == nil
    let open = isLong ? findings.prefix(openFindingLimit) : findings[...]
    appendList(of: open, to: &output)
    let rest = findings.dropFirst(open.count)
    guard !rest.isEmpty else { return }
    output.append("<details><summary>\(rest.count.grouped) more findings</summary>\n")
    appendList(of: rest, to: &output)
    output.append("</details>\n")
  }

  private static func appendList(
    of findings: ArraySlice<Document.Finding>, to output: inout OutputBuffer
  ) {
    output.append("<ol class=\"findings\">\n")
    for finding in findings {
      let kind = finding.isOfServer ? "server" : "caller"
      let title =
        finding.section.map {
          "<a href=\"#section-\($0)\">\(escaped(finding.title))</a>"
        } ?? escaped(finding.title)
      output.append(
        "<li><div><b class=\"status \(kind)\">\(finding.status)</b><small>#\(finding.number)</small>"
          + "</div><div><p class=\"cause\">\(title)</p>"
          + "<p class=\"about\">"
          // Isolate right-to-left names from the text around them.
          + finding.facts.map { "<bdi>\(escaped($0))</bdi>" }.joined(separator: " · ") + "</p>")
      if let evidence = finding.evidence {
        output.append("<p class=\"evidence\">\(escaped(evidence))</p>")
      }
      if let advice = finding.advice { output.append("<p>\(escaped(advice))</p>") }
      output.append("</div></li>\n")
    }
    output.append("</ol>\n")
  }

  private static func append(_ line: Document.LogLine, to output: inout OutputBuffer) {
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

  /// Escapes text for one line, without control characters, which HTML does not allow.
  static func escaped(_ text: String) -> String {
    HTMLPage.escaped(PrintableText.line(of: text))
  }
}
