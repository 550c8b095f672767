internal import InsightsText

/// Draws charts with characters, for a terminal of a given width.
///
/// Series are drawn below each other, so no colours are needed to distinguish them.
struct TextChart {
  let columnCount: Int
  let usesColor: Bool
  let timeZone: TimeZone

  /// The maximum number of bars; omitted bars are reported.
  static let barLimit = 50
  private static let panelLimit = 12

  func write(_ chart: Chart, to output: inout OutputBuffer) throws(OutputError) {
    switch chart.content {
    case .bars(let labels, let panels):
      for (index, panel) in panels.enumerated() {
        if index > 0 { output.append("\n") }
        append(panel, labels: labels, to: &output)
        try output.flushIfFull()
      }
    case .times(let axis, let panels): append(panels, axis: axis, to: &output)
    }
  }

  // MARK: Bars

  private func append(_ panel: Chart.BarPanel, labels: [String], to output: inout OutputBuffer) {
    if !panel.name.isEmpty { output.append(bold(shortened(panel.name)) + "\n") }
    let shown = 0..<min(panel.values.count, Self.barLimit)
    let names = Array(labels[shown])
    var labels = LabelText.fitted(names, to: max(8, columnCount * 2 / 5))
    // Shorten the bars if truncated labels would be ambiguous.
    if Set(labels).count < Set(names).count {
      labels = LabelText.fitted(names, to: max(8, columnCount * 3 / 5))
    }
    let labelWidth = labels.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    let textWidth = panel.texts[shown].map { DisplayWidth.columns(of: $0) }.max() ?? 0
    let barWidth = max(4, columnCount - labelWidth - textWidth - 3)
    let values = panel.values[shown].map { $0 ?? 0 }
    let low = min(0, values.min() ?? 0)
    let high = max(0, values.max() ?? 0)
    let unit = ValueScale.cells(barWidth, over: low, high)
    let negativeWidth = min(barWidth - 1, Int((-low * unit).rounded(.up)))
    for index in shown {
      output.append(labels[index])
      if panel.texts[index].isEmpty {
        output.append("\n")
        continue
      }
      output.append(blanks(labelWidth - DisplayWidth.columns(of: labels[index]) + 2))
      let value = values[index]
      let bar: String
      if value < 0 {
        let length = min(negativeWidth, max(1, Int((-value * unit).rounded())))
        bar = blanks(negativeWidth - length) + colored(String(repeating: "█", count: length))
      } else {
        let blocks = Self.blocks(
          value * unit, isVisible: value > 0, limit: barWidth - negativeWidth)
        bar = blanks(negativeWidth) + (blocks.isEmpty ? "" : colored(blocks))
      }
      output.append(bar + (value == 0 && negativeWidth == 0 ? "" : " "))
      output.append(panel.texts[index] + "\n")
    }
    if panel.values.count > shown.count {
      output.append(dim("… \((panel.values.count - shown.count).grouped) more rows …") + "\n")
    }
  }

  /// A bar with a length in cells, with a resolution of one eighth.
  private static func blocks(_ cells: Double, isVisible: Bool, limit: Int) -> String {
    let eighths = min(limit * 8, max(isVisible ? 1 : 0, Int((cells * 8).rounded())))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  // MARK: Times

  private func append(
    _ panels: [Chart.TimePanel], axis: Chart.TimeAxis, to output: inout OutputBuffer
  ) {
    let scale = TimeScale(axis, in: timeZone)
    let seriesCount = panels.reduce(0) { $0 + $1.series.count }
    let height = seriesCount > 2 ? 4 : 8
    var drawnCount = 0
    for panel in panels {
      // One scale for all panels, so that they are comparable.
      let values = ValueScale(
        of: panel.series.flatMap(\.points).map(\.value), intervalCount: 2)
      for series in panel.series where drawnCount < Self.panelLimit {
        if drawnCount > 0 { output.append("\n") }
        drawnCount += 1
        append(
          series, of: panel, axis: axis, scale: scale, values: values, height: height, to: &output)
      }
    }
    let length = axis.step.map { "by \(TimeScale.length($0))" }
    let caption = scale.caption
    // On one line if there is room.
    let isWide = caption.count + 2 + (length?.count ?? 0) <= columnCount
    output.append(dim(caption + (length.map { (isWide ? ", " : "\n") + $0 } ?? "")) + "\n")
    if seriesCount > drawnCount {
      output.append(dim("… \((seriesCount - drawnCount).grouped) more series …") + "\n")
    }
    if axis.omittedRowCount > 0 {
      let rows = axis.omittedRowCount == 1 ? "1 row" : "\(axis.omittedRowCount.grouped) rows"
      output.append(dim("\(rows) without a time not shown") + "\n")
    }
  }

  private func append(
    _ series: Chart.TimeSeries, of panel: Chart.TimePanel, axis: Chart.TimeAxis, scale: TimeScale,
    values: ValueScale, height: Int, to output: inout OutputBuffer
  ) {
    let labels = values.ticks.map { ValueScale.label($0) }
    let labelWidth = labels.map(\.count).max() ?? 0
    let plotWidth = max(10, columnCount - labelWidth - 2)
    let plot =
      panel.style == .columns
      ? ColumnPlot(series.points, axis: axis, values: values, width: plotWidth, height: height).plot
      : DotPlot(
        series.points, axis: axis, isJoined: panel.style == .line, values: values,
        width: plotWidth, height: height
      ).plot

    appendTitle(of: series, in: panel, scale: scale, to: &output)
    for (row, cells) in plot.rows.enumerated() {
      let tick = (0..<values.ticks.count).first { index in
        row == height - index * height / (values.ticks.count - 1)
      }
      append(axisLabel: tick.map { labels[$0] } ?? "", width: labelWidth, to: &output)
      output.append(dim(tick == nil ? "│" : "┤"))
      let line = cells.trimmingBlanksAtEnd()
      output.append((line.isEmpty ? "" : colored(line)) + "\n")
    }
    let marks = TickMarks(
      ticks: scale.ticks(atMost: max(1, plot.width / 10)).map { (plot.column($0.time), $0.label) },
      plotWidth: plot.width, lineWidth: plotWidth)
    append(axisLabel: labels[0], width: labelWidth, to: &output)
    output.append(dim("┼" + marks.rule) + "\n")
    if !marks.labels.isEmpty {
      output.append(blanks(labelWidth + 2) + dim(marks.labels) + "\n")
    }
  }

  private func appendTitle(
    of series: Chart.TimeSeries, in panel: Chart.TimePanel, scale: TimeScale,
    to output: inout OutputBuffer
  ) {
    let name = series.name.isEmpty ? panel.name : "\(panel.name)  \(series.name)"
    output.append(bold(shortened(name)))
    if let peak = series.peak {
      let text = "  highest \(ValueScale.label(peak.value)) at \(scale.text(of: peak.time))"
      if DisplayWidth.columns(of: name) + DisplayWidth.columns(of: text) <= columnCount {
        output.append(dim(text))
      }
    }
    output.append("\n")
  }

  private func append(axisLabel: String, width: Int, to output: inout OutputBuffer) {
    output.append(blanks(width - axisLabel.count) + dim(axisLabel) + " ")
  }

  // MARK: Style

  private func shortened(_ text: String) -> String {
    DisplayWidth.truncate(PrintableText.line(of: text), to: columnCount)
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private func bold(_ text: String) -> String { styled("1", text) }

  private func dim(_ text: String) -> String { styled("2", text) }

  private func colored(_ text: String) -> String { styled("36", text) }

  private func styled(_ code: String, _ text: String) -> String {
    usesColor && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
