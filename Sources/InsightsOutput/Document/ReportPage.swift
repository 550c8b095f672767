internal import InsightsModel
internal import InsightsText

/// Writes reports as one self-contained HTML page.
struct ReportPage {
  let timeZone: TimeZone

  func write(_ report: Report, to output: inout OutputBuffer) throws(OutputError) {
    try HTMLPage.write(title: report.title, to: &output) { output throws(OutputError) in
      output.append("<h1>\(HTMLBlocks.escaped(report.title))</h1>\n")
      if report.isSingle, let description = report.results.first?.description {
        output.append("<p>\(HTMLBlocks.escaped(description))</p>\n")
      }
      if !report.opening.isEmpty {
        output.append("<section class=\"opening\">\n")
        try HTMLBlocks.append(report.opening, to: &output)
        output.append("</section>\n")
      }
      if report.isSingle, let query = report.results.first?.query {
        append(query: query, to: &output)
      }
      HTMLBlocks.append(report.facts + facts(of: report), to: &output)
      if !report.isSingle { appendOverview(of: report.results, to: &output) }
      var colors = SeriesColors()
      for (index, result) in report.results.enumerated() {
        try append(
          result, number: index + 1, isSingle: report.isSingle, colors: &colors, to: &output)
      }
    }
  }

  /// Facts derived from the results.
  private func facts(of report: Report) -> [Report.Fact] {
    (report.isSingle
      ? [Report.Fact("Rows", report.results.first?.table.rows.count.grouped ?? "0")] : [])
      + [Report.Fact("Times", timeZone.name)]
  }

  private func append(query: String, to output: inout OutputBuffer) {
    let lines = PrintableText.lines(of: query).joined(separator: "\n")
    output.append("<pre class=\"query\">\(HTMLPage.escaped(lines))</pre>\n")
  }

  // MARK: Overview

  /// Appends a tile for each result that has a headline number.
  private func appendOverview(of results: [NamedResult], to output: inout OutputBuffer) {
    output.append("<nav aria-label=\"Results\"><ul class=\"tiles\">\n")
    for (index, result) in results.enumerated() {
      let isEmpty = result.table.rows.isEmpty
      output.append(
        "<li\(isEmpty ? " class=\"empty\"" : "")><a href=\"#result-\(index + 1)\">"
          + "<span>\(HTMLBlocks.escaped(result.title ?? result.name))</span>")
      if let headline = result.headline {
        output.append(
          "<span class=\"fact\"><b>\(HTMLBlocks.escaped(headline.name))</b> "
            + "\(HTMLBlocks.escaped(headline.value))</span>")
      } else if result.table.rows.isEmpty {
        output.append("<span class=\"fact\">none</span>")
      }
      output.append("</a></li>\n")
    }
    output.append("</ul></nav>\n")
  }

  // MARK: Results

  private func append(
    _ result: NamedResult, number: Int, isSingle: Bool, colors: inout SeriesColors,
    to output: inout OutputBuffer
  ) throws(OutputError) {
    output.append("<section id=\"result-\(number)\">\n")
    if !isSingle {
      let name = result.title == nil ? "" : " <code>\(HTMLBlocks.escaped(result.name))</code>"
      output.append("<h2>\(HTMLBlocks.escaped(result.title ?? result.name))\(name)</h2>\n")
      if let description = result.description {
        output.append("<p class=\"note\">\(HTMLBlocks.escaped(description))</p>\n")
      }
    }
    if result.table.rows.isEmpty {
      output.append("<p class=\"none\">No rows.</p>\n")
    } else {
      if let chart = chart(of: result) {
        HTMLChart(timeZone: timeZone).append(chart, colors: &colors, to: &output)
      }
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

  /// Returns a chart if it adds information (several groups), or if the query asks for one.
  private func chart(of result: NamedResult) -> Chart? {
    guard result.chart != .none, result.table.rows.count > 1 else { return nil }
    guard let chart = Chart(of: result.table, kind: result.chart.kind) else { return nil }
    return chart.isSummary || result.chart != .automatic ? chart : nil
  }
}
