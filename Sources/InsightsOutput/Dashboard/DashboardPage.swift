public import InsightsModel
public import InsightsText

/// The results of a dashboard as one self-contained HTML page, with the layout of its widgets.
public struct DashboardPage {
  private let timeZone: TimeZone

  /// Prepares a page that shows local times of `timeZone`.
  public init(timeZone: TimeZone) {
    self.timeZone = timeZone
  }

  /// Writes the page.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  public func write(
    title: String, _ widgets: [AnsweredWidget], to output: inout OutputBuffer
  ) throws(OutputError) {
    try HTMLPage.write(title: title, to: &output) { output throws(OutputError) in
      output.append("<h1>\(HTMLBlocks.escaped(title))</h1>\n")
      output.append("<p class=\"note\">Times: \(HTMLBlocks.escaped(timeZone.name))</p>\n")
      output.append("<div class=\"dashboard\">\n")
      for widget in widgets { try append(widget, to: &output) }
      output.append("</div>\n")
    }
  }

  private func append(
    _ widget: AnsweredWidget, to output: inout OutputBuffer
  ) throws(OutputError) {
    // The grid has 24 columns.
    let column = min(max(widget.x, 0), 23) + 1
    let width = min(max(widget.width, 1), 25 - column)
    let row = min(max(widget.y, 0), 10_000) + 1
    let height = min(max(widget.height, 1), 1000)
    output.append(
      "<section class=\"widget\" style=\"--at:\(row)/\(column)/span \(height)/span \(width)\">\n")
    if !widget.title.isEmpty {
      output.append("<h2>\(HTMLBlocks.escaped(widget.title))</h2>\n")
    }
    var colors = SeriesColors()
    switch widget.content {
    case .text(let text):
      let lines = PrintableText.lines(of: text).joined(separator: "\n")
      output.append("<pre>\(HTMLPage.escaped(lines))</pre>\n")
    case .unanswered(let reason):
      output.append("<p class=\"none\">Not answered: \(HTMLBlocks.escaped(reason))</p>\n")
    case .rows(let table):
      let kind: Chart.Kind? = widget.view == "bar" || widget.view == "pie" ? .bar : nil
      let isPicture = ["timeSeries", "bar", "pie", "stackedArea"].contains(widget.view)
      if isPicture, let chart = Chart(of: table, kind: kind) {
        HTMLChart(timeZone: timeZone).append(chart, colors: &colors, to: &output)
      } else if table.rows.isEmpty {
        output.append("<p class=\"none\">No rows.</p>\n")
      } else {
        try HTMLTable.append(table, in: timeZone, caption: widget.title, to: &output)
      }
    case .series(let series):
      for one in series {
        guard let reason = one.unanswered else { continue }
        output.append(
          "<p class=\"none\">\(HTMLBlocks.escaped(one.label)): not answered: "
            + "\(HTMLBlocks.escaped(reason))</p>\n")
      }
      if ["singleValue", "gauge"].contains(widget.view) {
        try HTMLTable.append(
          Self.newest(of: series), in: timeZone, caption: widget.title, to: &output)
      } else if let table = widget.table, let chart = Chart(of: table, kind: .line) {
        HTMLChart(timeZone: timeZone).append(chart, colors: &colors, to: &output)
      } else if series.allSatisfy({ $0.unanswered == nil }) {
        output.append("<p class=\"none\">No data.</p>\n")
      }
    }
    output.append("</section>\n")
  }

  private static func newest(of series: [WidgetSeries]) -> ResultTable {
    ResultTable(
      columns: [
        ResultColumn(name: "metric", type: .text),
        ResultColumn(name: "value", type: .number, isComputed: true),
      ],
      rows: series.map { [.text($0.label), $0.points.last.map { .real($0.value) } ?? .null] })
  }
}
