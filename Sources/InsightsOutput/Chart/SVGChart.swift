internal import InsightsText

/// Draws charts as SVG that stands in an HTML page and takes its colours from there.
///
/// Each picture has a name and a description for those who cannot see it, and each mark its value.
/// What is not drawn is said; the table below a chart has everything.
struct SVGChart {
  let timeZone: TimeZone

  static let barLimit = 20
  private static let panelLimit = 4
  private static let seriesLimit = 8
  /// Beyond it marks are drawn as one shape, without values of their own.
  private static let markLimit = 400

  /// Writes one figure for each column of numbers.
  func append(_ chart: Chart, to output: inout OutputBuffer) {
    switch chart.content {
    case .bars(let labels, let panels):
      output.append("<div class=\"charts\(panels.count > 1 ? " small" : "")\">\n")
      for panel in panels.prefix(Self.panelLimit) { append(panel, labels: labels, to: &output) }
      output.append("</div>\n")
      let labelCount = labels.count
      if labelCount > Self.barLimit {
        appendNote("The first \(Self.barLimit) of \(labelCount.grouped) rows.", to: &output)
      }
      appendNote(ofPanels: panels.count, to: &output)
    case .times(let axis, let panels):
      output.append("<div class=\"charts\">\n")
      for panel in panels.prefix(Self.panelLimit) { append(panel, axis: axis, to: &output) }
      output.append("</div>\n")
      if axis.omittedRowCount > 0 {
        let rows =
          axis.omittedRowCount == 1
          ? "1 row has no time and is" : "\(axis.omittedRowCount.grouped) rows have no time and are"
        appendNote("\(rows) only in the table.", to: &output)
      }
      appendNote(ofPanels: panels.count, to: &output)
    }
  }

  private func appendNote(ofPanels count: Int, to output: inout OutputBuffer) {
    let rest = count - Self.panelLimit
    if rest > 0 {
      appendNote(
        rest == 1 ? "1 more column is in the table." : "\(rest) more columns are in the table.",
        to: &output)
    }
  }

  private func appendNote(_ text: String, to output: inout OutputBuffer) {
    output.append("<p class=\"note\">\(text)</p>\n")
  }

  // MARK: Bars

  private func append(_ panel: Chart.BarPanel, labels: [String], to output: inout OutputBuffer) {
    let shown = 0..<min(labels.count, Self.barLimit)
    let width = 560.0
    let rowHeight = 22.0
    let letterWidth = 6.8
    let labels = LabelText.fitted(Array(labels[shown]), to: 44, pathWidth: 24)
    let labelWidth =
      Double(labels.map { DisplayWidth.columns(of: $0) }.max() ?? 0) * letterWidth + 8
    let textWidth = Double(panel.texts[shown].map(\.count).max() ?? 0) * letterWidth + 8
    let values = panel.values[shown].map { $0 ?? 0 }
    let low = min(0, values.min() ?? 0)
    let high = max(0, values.max() ?? 0)
    let room = max(40, width - labelWidth - textWidth)
    let fraction = ValueScale.fractions(from: low, to: high)
    let zero = labelWidth + room * fraction(0)
    let height = rowHeight * Double(shown.count)

    append(
      figure: panel.name.isEmpty ? nil : panel.name, width: width, height: height,
      description: "Bars: "
        + zip(labels, panel.texts).map { "\($0) \($1)" }.joined(separator: ", "),
      to: &output
    ) { output in
      for index in shown {
        let top = rowHeight * Double(index)
        let end = labelWidth + room * fraction(values[index])
        let (x, length) = (min(zero, end), abs(end - zero))
        output.append(
          "<text class=\"label\" x=\"\(decimal(labelWidth - 8))\" y=\"\(decimal(top + 15))\">"
            + "\(escaped(labels[index]))</text>")
        if panel.values[index] != nil, values[index] != 0 {
          output.append(
            "<rect class=\"mark\" x=\"\(decimal(x))\" y=\"\(decimal(top + 4))\" "
              + "width=\"\(decimal(max(1, length)))\" height=\"\(decimal(rowHeight - 8))\"/>")
        }
        output.append(
          "<text x=\"\(decimal(max(end, zero) + 6))\" y=\"\(decimal(top + 15))\">"
            + "\(escaped(panel.texts[index]))</text>\n")
      }
      output.append(
        "<path class=\"axis\" d=\"M\(decimal(zero)) 0V\(decimal(height))\"/>\n")
    }
  }

  // MARK: Times

  private func append(
    _ panel: Chart.TimePanel, axis: Chart.TimeAxis, to output: inout OutputBuffer
  ) {
    let series = Array(panel.series.prefix(Self.seriesLimit))
    let frame = TimeFrame(
      axis, in: timeZone, values: series.flatMap(\.points).map(\.value),
      isColumns: panel.style == .columns && series.count == 1)
    append(
      figure: panel.name, width: TimeFrame.width, height: TimeFrame.height,
      description: description(of: panel, series: series, scale: frame.times), to: &output
    ) { output in
      frame.appendAxes(to: &output)
      for (index, series) in series.enumerated() {
        output.append("<g class=\"series s\(index + 1)\">")
        let isMarked = series.points.count <= Self.markLimit
        switch panel.style {
        case .columns where frame.isColumns:
          appendColumns(of: series, in: frame, isMarked: isMarked, to: &output)
        case .columns, .line: appendLine(of: series, in: frame, isMarked: isMarked, to: &output)
        case .points: appendPoints(of: series, in: frame, isMarked: isMarked, to: &output)
        }
        output.append("</g>\n")
      }
    }
    guard panel.series.count > 1 else { return }
    output.append("<ul class=\"legend\">\n")
    for (index, series) in series.enumerated() {
      output.append("<li class=\"s\(index + 1)\"><i></i>\(escaped(series.name))</li>\n")
    }
    let rest = panel.series.count - series.count
    if rest > 0 { output.append("<li>\(rest.grouped) more in the table</li>\n") }
    output.append("</ul>\n")
  }

  private func description(
    of panel: Chart.TimePanel, series: [Chart.TimeSeries], scale: TimeScale
  ) -> String {
    var text = "\(panel.name) over time, \(scale.caption)"
    for series in series {
      guard let peak = series.peak else { continue }
      text += ". " + (series.name.isEmpty ? "Highest" : "\(series.name): highest")
      text += " \(ValueScale.label(peak.value)) at \(scale.text(of: peak.time))"
    }
    return text
  }

  private func appendColumns(
    of series: Chart.TimeSeries, in frame: TimeFrame, isMarked: Bool, to output: inout OutputBuffer
  ) {
    var shape = ""
    for point in series.points where point.value != 0 {
      let (x, width) = frame.column(point.time)
      let (top, bottom) = (frame.y(max(0, point.value)), frame.y(min(0, point.value)))
      if isMarked {
        output.append(
          "<rect class=\"mark\" x=\"\(decimal(x))\" y=\"\(decimal(top))\" "
            + "width=\"\(decimal(width))\" height=\"\(decimal(max(0.5, bottom - top)))\">"
            + "\(title(of: point, in: frame))</rect>")
      } else {
        shape += "M\(decimal(x)) \(decimal(bottom))V\(decimal(top))h\(decimal(width))"
        shape += "V\(decimal(bottom))z"
      }
    }
    if !shape.isEmpty { output.append("<path class=\"mark\" d=\"\(shape)\"/>") }
  }

  private func appendLine(
    of series: Chart.TimeSeries, in frame: TimeFrame, isMarked: Bool, to output: inout OutputBuffer
  ) {
    var path = ""
    var previous: Int64?
    for point in series.points {
      // A bin without a value is a gap, not a slope.
      let isJoined = previous.map { point.time - $0 <= frame.axis.step ?? .max } ?? false
      path +=
        "\(isJoined ? "L" : "M")\(decimal(frame.x(point.time))) \(decimal(frame.y(point.value)))"
      // A line of no length still shows as a dot, its ends being round.
      if !isJoined { path += "h0" }
      previous = point.time
    }
    output.append("<path class=\"line\" d=\"\(path)\"/>")
    guard isMarked else { return }
    for point in series.points {
      output.append(
        "<circle class=\"hit\" cx=\"\(decimal(frame.x(point.time)))\" "
          + "cy=\"\(decimal(frame.y(point.value)))\" r=\"5\">\(title(of: point, in: frame))</circle>"
      )
    }
  }

  private func appendPoints(
    of series: Chart.TimeSeries, in frame: TimeFrame, isMarked: Bool, to output: inout OutputBuffer
  ) {
    for point in series.points {
      output.append(
        "<circle class=\"point\" cx=\"\(decimal(frame.x(point.time)))\" "
          + "cy=\"\(decimal(frame.y(point.value)))\" r=\"2.5\""
          + (isMarked ? ">\(title(of: point, in: frame))</circle>" : "/>"))
    }
  }

  private func title(of point: Chart.TimePoint, in frame: TimeFrame) -> String {
    "<title>\(ValueScale.label(point.value)) at \(frame.times.text(of: point.time))</title>"
  }

  // MARK: Markup

  private func append(
    figure name: String?, width: Double, height: Double, description: String,
    to output: inout OutputBuffer, _ appendMarks: (inout OutputBuffer) -> Void
  ) {
    output.append("<figure>\n")
    if let name { output.append("<figcaption>\(escaped(name))</figcaption>\n") }
    output.append(
      "<svg viewBox=\"0 0 \(decimal(width)) \(decimal(height))\" role=\"img\" "
        + "aria-label=\"\(escaped(description))\">\n")
    appendMarks(&output)
    output.append("</svg>\n</figure>\n")
  }

  private func escaped(_ text: String) -> String {
    HTMLPage.escaped(PrintableText.line(of: text))
  }
}

/// The axes of a chart over time, and where things stand in it.
private struct TimeFrame {
  static let width = 880.0
  static let height = 220.0
  private static let top = 8.0
  private static let bottom = height - 24

  let axis: Chart.TimeAxis
  let times: TimeScale
  let isColumns: Bool
  private let values: ValueScale
  private let left: Double
  private let right = width - 12
  private let binCount: Double

  init(_ axis: Chart.TimeAxis, in zone: TimeZone, values: [Double], isColumns: Bool) {
    self.axis = axis
    self.isColumns = isColumns
    times = TimeScale(axis, in: zone)
    self.values = ValueScale(of: values, intervalCount: 4)
    let labels = self.values.ticks.map { ValueScale.label($0) }
    left = Double(labels.map(\.count).max() ?? 0) * 6.8 + 12
    binCount = axis.step.map { Double((axis.last - axis.first) / $0 + 1) } ?? 1
  }

  func x(_ time: Int64) -> Double {
    if isColumns {
      let (x, width) = column(time)
      return x + width / 2
    }
    return axis.first == axis.last
      ? (left + right) / 2 : left + (right - left) * times.fraction(of: time)
  }

  /// Where the column of a bin begins, and how wide it is.
  func column(_ time: Int64) -> (x: Double, width: Double) {
    // A few bins are not stretched over the whole width.
    let pitch = min(64, (right - left) / binCount)
    let index = axis.step.map { Double((time - axis.first) / $0) } ?? 0
    return (left + pitch * index + (pitch > 4 ? 1 : 0), max(0.5, pitch > 4 ? pitch - 2 : pitch))
  }

  func y(_ value: Double) -> Double {
    Self.bottom - (Self.bottom - Self.top) * values.fraction(of: value)
  }

  func appendAxes(to output: inout OutputBuffer) {
    for tick in values.ticks {
      let y = y(tick)
      output.append(
        "<path class=\"\(tick == 0 ? "axis" : "grid")\" d=\"M\(decimal(left)) \(decimal(y))"
          + "H\(decimal(right))\"/>"
          + "<text class=\"label\" x=\"\(decimal(left - 6))\" y=\"\(decimal(y + 4))\">"
          + "\(ValueScale.label(tick))</text>\n")
    }
    for tick in times.ticks(atMost: 10) {
      let x = x(tick.time)
      // What would reach beyond the picture stands beside its mark.
      let anchor = x > Self.width - 24 ? "end" : "middle"
      output.append(
        "<path class=\"axis\" d=\"M\(decimal(x)) \(decimal(Self.bottom))v4\"/>"
          + "<text x=\"\(decimal(x))\" y=\"\(decimal(Self.bottom + 18))\" "
          + "text-anchor=\"\(anchor)\">\(tick.label)</text>\n")
    }
  }
}

/// A coordinate, to the tenth.
private func decimal(_ number: Double) -> String {
  var bytes: [UInt8] = []
  NumericText.appendRounded(number, fractionDigits: 1, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}
