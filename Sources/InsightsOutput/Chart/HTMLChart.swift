internal import InsightsText

/// Draws charts as elements of an HTML page, whose style sheet defines the colours.
///
/// Marks scale with the page. Labels and values are text of the page, so they stay readable on a
/// phone and on paper. Each chart has an accessible description, and each mark its value. Omitted
/// data is reported; the table below a chart is complete.
struct HTMLChart {
  let timeZone: TimeZone

  private static let barLimit = 20
  private static let panelLimit = 4
  private static let seriesLimit = 8
  /// Above this number marks are drawn as one shape, without individual values.
  private static let markLimit = 400
  /// The maximum width of a name in columns, and of a path, whose folder is less important.
  private static let nameLimit = 60
  private static let pathLimit = 28

  /// Writes one figure for each numeric column.
  func append(_ chart: Chart, colors: inout SeriesColors, to output: inout OutputBuffer) {
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
      for panel in panels.prefix(Self.panelLimit) {
        append(panel, axis: axis, colors: &colors, to: &output)
      }
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
    let names = Self.fitted(Array(labels[shown]))
    let values = panel.values[shown].map { $0 ?? 0 }
    let fraction = ValueScale.fractions(
      from: min(0, values.min() ?? 0), to: max(0, values.max() ?? 0))
    let zero = fraction(0)

    output.append("<figure>\n")
    if !panel.name.isEmpty {
      output.append("<figcaption>\(HTMLBlocks.escaped(panel.name))</figcaption>\n")
    }
    let description = zip(names, panel.texts).map { "\($0) \($1)" }.joined(separator: ", ")
    output.append(
      "<div class=\"bars\" role=\"img\" aria-label=\"Bars: \(HTMLBlocks.escaped(description))\">\n"
    )
    for index in shown {
      let end = fraction(values[index])
      append(
        "span", name: labels[index], shownAs: names[index], attributes: " class=\"name\"",
        to: &output)
      output.append("<span class=\"track\">")
      if panel.values[index] != nil, values[index] != 0 {
        output.append(
          "<i class=\"mark\" style=\"left:\(percent(min(zero, end)));"
            + "width:\(percent(abs(end - zero)))\"></i>")
      }
      output.append(
        "</span><span class=\"value\">\(HTMLBlocks.escaped(panel.texts[index]))</span>\n")
    }
    output.append("</div>\n</figure>\n")
  }

  private static func fitted(_ names: [String]) -> [String] {
    LabelText.fitted(names, to: nameLimit, pathWidth: pathLimit)
  }

  /// Appends an element with a name; a truncated name is shown in full in a tooltip.
  private func append(
    _ tag: String, name: String, shownAs shown: String, attributes: String, prefix: String = "",
    to output: inout OutputBuffer
  ) {
    let title = shown == name ? "" : " title=\"\(HTMLBlocks.escaped(name))\""
    output.append("<\(tag)\(attributes)\(title)>\(prefix)\(HTMLBlocks.escaped(shown))</\(tag)>")
  }

  // MARK: Times

  private func append(
    _ panel: Chart.TimePanel, axis: Chart.TimeAxis, colors: inout SeriesColors,
    to output: inout OutputBuffer
  ) {
    let series = Array(panel.series.prefix(Self.seriesLimit))
    let classes = series.map { colors.classes(of: $0.name) }
    let frame = TimeFrame(
      axis, in: timeZone, values: series.flatMap(\.points).map(\.value),
      isColumns: panel.style == .columns && series.count == 1)
    output.append(
      "<figure>\n<figcaption>\(HTMLBlocks.escaped(panel.name))</figcaption>\n<div class=\"plot\">\n"
    )
    frame.appendValueLabels(to: &output)
    output.append(
      "<svg viewBox=\"0 0 \(decimal(TimeFrame.width)) \(decimal(TimeFrame.height))\" "
        + "preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
        + HTMLBlocks.escaped(description(of: panel, series: series, scale: frame.times)) + "\">\n")
    frame.appendGrid(to: &output)
    for (series, classes) in zip(series, classes) {
      output.append("<g class=\"series \(classes)\">")
      let isMarked = series.points.count <= Self.markLimit
      switch panel.style {
      case .columns where frame.isColumns:
        appendColumns(of: series, in: frame, isMarked: isMarked, to: &output)
      case .columns, .line: appendLine(of: series, in: frame, isMarked: isMarked, to: &output)
      case .points:
        appendDots(of: series.points, "point", in: frame, isMarked: isMarked, to: &output)
      }
      output.append("</g>\n")
    }
    output.append("</svg>\n")
    frame.appendTimeLabels(to: &output)
    output.append("</div>\n</figure>\n")
    guard panel.series.count > 1 else { return }
    output.append("<ul class=\"legend\">\n")
    let names = Self.fitted(series.map(\.name))
    for (index, series) in series.enumerated() {
      append(
        "li", name: series.name, shownAs: names[index],
        attributes: " class=\"\(classes[index])\"", prefix: "<i></i>", to: &output)
      output.append("\n")
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
    var lonePoints: [Chart.TimePoint] = []
    for (index, point) in series.points.enumerated() {
      // Leave a gap at a bin without a value.
      let isJoined = index > 0 && frame.areNeighbours(series.points[index - 1], point)
      let isContinued =
        index + 1 < series.points.count && frame.areNeighbours(point, series.points[index + 1])
      if !isJoined, !isContinued { lonePoints.append(point) }
      path +=
        "\(isJoined ? "L" : "M")\(decimal(frame.x(point.time))) \(decimal(frame.y(point.value)))"
    }
    output.append("<path class=\"line\" d=\"\(path)\"/>")
    appendDots(of: lonePoints, "point", in: frame, isMarked: false, to: &output)
    if isMarked { appendDots(of: series.points, "hit", in: frame, isMarked: true, to: &output) }
  }

  /// Dots are lines of zero length, which stay round when the chart is stretched.
  private func appendDots(
    of points: [Chart.TimePoint], _ name: String, in frame: TimeFrame, isMarked: Bool,
    to output: inout OutputBuffer
  ) {
    for point in points {
      output.append(
        "<path class=\"\(name)\" d=\"M\(decimal(frame.x(point.time))) \(decimal(frame.y(point.value)))h0\""
          + (isMarked ? ">\(title(of: point, in: frame))</path>" : "/>"))
    }
  }

  private func title(of point: Chart.TimePoint, in frame: TimeFrame) -> String {
    "<title>\(ValueScale.label(point.value)) at \(frame.times.text(of: point.time))</title>"
  }
}

/// The axes of a chart over time, and the mapping of values to coordinates.
///
/// The drawing is stretched over the page; labels are positioned beside it in percent.
private struct TimeFrame {
  static let width = 1000.0
  static let height = 200.0
  /// The maximum length of a time label if ten labels are to fit.
  private static let shortLabel = 8

  let axis: Chart.TimeAxis
  let times: TimeScale
  let isColumns: Bool
  private let values: ValueScale
  private let binCount: Double

  init(_ axis: Chart.TimeAxis, in zone: TimeZone, values: [Double], isColumns: Bool) {
    self.axis = axis
    self.isColumns = isColumns
    times = TimeScale(axis, in: zone)
    self.values = ValueScale(of: values, intervalCount: 4)
    binCount = axis.step.map { Double((axis.last - axis.first) / $0 + 1) } ?? 1
  }

  /// Whether two points are at most one bin apart.
  func areNeighbours(_ left: Chart.TimePoint, _ right: Chart.TimePoint) -> Bool {
    right.time - left.time <= axis.step ?? .max
  }

  func x(_ time: Int64) -> Double {
    if isColumns {
      let (x, width) = column(time)
      return x + width / 2
    }
    return axis.first == axis.last ? Self.width / 2 : Self.width * times.fraction(of: time)
  }

  /// The left edge and the width of a bin's column.
  func column(_ time: Int64) -> (x: Double, width: Double) {
    // Do not stretch a few bins over the whole width.
    let pitch = min(72, Self.width / binCount)
    let gap = pitch > 5 ? pitch / 8 : 0
    let index = axis.step.map { Double((time - axis.first) / $0) } ?? 0
    return (pitch * index + gap / 2, pitch - gap)
  }

  func y(_ value: Double) -> Double {
    Self.height * (1 - values.fraction(of: value))
  }

  func appendGrid(to output: inout OutputBuffer) {
    for tick in values.ticks {
      output.append(
        "<path class=\"\(tick == 0 ? "axis" : "grid")\" d=\"M0 \(decimal(y(tick)))h\(decimal(Self.width))\"/>\n"
      )
    }
  }

  func appendValueLabels(to output: inout OutputBuffer) {
    output.append("<div class=\"values\" aria-hidden=\"true\">")
    for tick in values.ticks {
      output.append(
        "<span style=\"top:\(percent(y(tick) / Self.height))\">\(ValueScale.label(tick))</span>")
    }
    output.append("</div>\n")
  }

  func appendTimeLabels(to output: inout OutputBuffer) {
    var ticks = times.ticks(atMost: 10)
    let isShort = ticks.allSatisfy { $0.label.count <= Self.shortLabel }
    if !isShort { ticks = times.ticks(atMost: 6) }
    output.append("<div class=\"times\" aria-hidden=\"true\">")
    for (index, tick) in ticks.enumerated() {
      let position = x(tick.time) / Self.width
      // Narrow screens hide some labels. A label at the edge is aligned with it.
      let classes =
        [index.isMultiple(of: isShort ? 2 : 3) ? nil : "minor", position > 0.9 ? "last" : nil]
        .compactMap { $0 }
      let attribute = classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\""
      output.append("<span\(attribute) style=\"left:\(percent(position))\">\(tick.label)</span>")
    }
    output.append("</div>\n")
  }
}

/// A fraction as a CSS percentage.
private func percent(_ fraction: Double) -> String {
  var bytes: [UInt8] = []
  NumericText.appendRounded(fraction * 100, fractionDigits: 2, to: &bytes)
  return String(decoding: bytes, as: UTF8.self) + "%"
}

/// A coordinate with one fraction digit.
private func decimal(_ number: Double) -> String {
  var bytes: [UInt8] = []
  NumericText.appendRounded(number, fractionDigits: 1, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}
