internal import InsightsModel
internal import InsightsText

/// `markdown`: a GitHub-flavoured table, for issues, wikis and job summaries.
///
/// A row is one line, numbers are right-aligned, and Markdown and HTML in text are escaped. Several
/// results follow each other, each under a heading.
struct MarkdownFormat: ResultCollectionFormatter, RowFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "markdown", summary: "a table that GitHub shows")

  private let timeZone: TimeZone

  init(terminal: Terminal, timeZone: TimeZone) {
    self.timeZone = timeZone
  }

  func rowWriter(for columns: [ResultColumn]) -> any RowWriter {
    MarkdownTable(columns: columns, timeZone: timeZone)
  }

  func write(_ results: [NamedResult], to output: inout OutputBuffer) throws(OutputError) {
    for (index, result) in results.enumerated() {
      if index > 0 { output.append("\n") }
      output.append("## \(MarkdownTable.escaped(result.name))\n\n")
      if let title = result.title { output.append("\(MarkdownTable.escaped(title))\n\n") }
      if result.table.rows.isEmpty {
        output.append("(no rows)\n")
      } else {
        try write(result.table, to: &output)
      }
    }
  }
}
