internal import InsightsModel
internal import InsightsText

/// Writes reports as one self-contained HTML page.
struct ReportPage {
  let timeZone: TimeZone

  func write(_ report: Report, to output: inout OutputBuffer) throws(OutputError) {
    try HTMLPage.write(title: report.title, to: &output) { output throws(OutputError) in
      output.append("<h1>\(escaped(report.title))</h1>\n")
      if report.isSingle, let description = report.results.first?.description {
        output.append("<p>\(escaped(description))</p>\n")
      }
      if report.isSingle, let query = report.results.first?.query {
        append(query: query, to: &output)
      }
      append(report.facts + facts(of: report), to: &output)
      if !report.isSingle { appendOverview(of: report.results, to: &output) }
      for (index, result) in report.results.enumerated() {
        try append(result, number: index + 1, isSingle: report.isSingle, to: &output)
      }
    }
  }

  /// What the results themselves tell.
  private func facts(of report: Report) -> [Report.Fact] {
    (report.isSingle
      ? [Report.Fact("Rows", report.results.first?.table.rows.count.grouped ?? "0")] : [])
      + [Report.Fact("Times", timeZone.name)]
  }

  private func append(_ facts: [Report.Fact], to output: inout OutputBuffer) {
    output.append("<dl>\n")
    for fact in facts {
      output.append("<dt>\(escaped(fact.name))</dt><dd>\(escaped(fact.value))</dd>\n")
    }
    output.append("</dl>\n")
  }

  private func append(query: String, to output: inout OutputBuffer) {
    let lines = PrintableText.lines(of: query).joined(separator: "\n")
    output.append("<pre class=\"query\">\(HTMLPage.escaped(lines))</pre>\n")
  }

  // MARK: Overview

  private func appendOverview(of results: [NamedResult], to output: inout OutputBuffer) {
    output.append("<nav aria-label=\"Results\"><ul class=\"tiles\">\n")
    for (index, result) in results.enumerated() {
      let count = result.table.rows.count
      output.append(
        "<li\(count == 0 ? " class=\"empty\"" : "")><a href=\"#result-\(index + 1)\">"
          + "<b>\(count.grouped)</b> \(escaped(result.title ?? result.name))</a></li>\n")
    }
    output.append("</ul></nav>\n")
  }

  // MARK: Results

  private func append(
    _ result: NamedResult, number: Int, isSingle: Bool, to output: inout OutputBuffer
  ) throws(OutputError) {
    output.append("<section id=\"result-\(number)\">\n")
    if !isSingle {
      let name = result.title == nil ? "" : " <code>\(escaped(result.name))</code>"
      output.append("<h2>\(escaped(result.title ?? result.name))\(name)</h2>\n")
      if let description = result.description {
        output.append("<p class=\"note\">\(escaped(description))</p>\n")
      }
    }
    if result.table.rows.isEmpty {
      output.append("<p class=\"none\">No rows.</p>\n")
    } else {
      if let chart = chart(of: result) { SVGChart(timeZone: timeZone).append(chart, to: &output) }
      try HTMLTable.append(
        result.table, in: timeZone, caption: result.title ?? result.name, to: &output)
    }
    if !isSingle, let query = result.query {
      output.append("<details class=\"query\"><summary>Query</summary>")
      append(query: query, to: &output)
      output.append("</details>\n")
    }
    output.append("</section>\n")
  }

  /// A picture where it says more than the rows do: of several groups, or where one is wanted.
  private func chart(of result: NamedResult) -> Chart? {
    guard result.chart != .none, result.table.rows.count > 1 else { return nil }
    guard let chart = Chart(of: result.table, kind: result.chart.kind) else { return nil }
    return chart.isSummary || result.chart != .automatic ? chart : nil
  }

  private func escaped(_ text: String) -> String {
    HTMLPage.escaped(PrintableText.line(of: text))
  }
}
