public import InsightsModel
internal import InsightsText

/// The results of a dashboard as JSON: `{"widgets": [{"title", "type", "x", …, "rows"}]}`.
public enum DashboardJSON {
  /// Writes the widgets in their order.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  public static func write(
    _ widgets: [AnsweredWidget], to output: inout OutputBuffer
  ) throws(OutputError) {
    output.append("{\"widgets\": [")
    for (index, widget) in widgets.enumerated() {
      output.append(index == 0 ? "\n  " : ",\n  ")
      try append(widget, to: &output)
    }
    output.append(widgets.isEmpty ? "]}\n" : "\n]}\n")
  }

  private static func append(
    _ widget: AnsweredWidget, to output: inout OutputBuffer
  ) throws(OutputError) {
    output.append("{\"title\": ")
    JSONWriter.append(string: widget.title, to: &output.bytes)
    output.append(", \"type\": ")
    JSONWriter.append(string: widget.type, to: &output.bytes)
    output.append(
      ", \"x\": \(widget.x), \"y\": \(widget.y), \"width\": \(widget.width), \"height\": \(widget.height)"
    )
    if let view = widget.view {
      output.append(", \"view\": ")
      JSONWriter.append(string: view, to: &output.bytes)
    }
    switch widget.content {
    case .text(let text):
      output.append(", \"text\": ")
      JSONWriter.append(string: text, to: &output.bytes)
    case .unanswered(let reason):
      output.append(", \"unanswered\": ")
      JSONWriter.append(string: reason, to: &output.bytes)
    case .rows(let table):
      output.append(", \"rows\": [")
      let writer = JSONRowWriter(columns: table.columns)
      for (index, row) in table.rows.enumerated() {
        output.append(index == 0 ? "\n    " : ",\n    ")
        writer.append(row, to: &output.bytes)
        try output.flushIfFull()
      }
      output.append("]")
    case .series(let series):
      output.append(", \"series\": [")
      for (index, one) in series.enumerated() {
        output.append(index == 0 ? "\n    " : ",\n    ")
        append(one, to: &output)
      }
      output.append("]")
    }
    output.append("}")
    try output.flushIfFull()
  }

  private static func append(_ series: WidgetSeries, to output: inout OutputBuffer) {
    output.append("{\"label\": ")
    JSONWriter.append(string: series.label, to: &output.bytes)
    if let reason = series.unanswered {
      output.append(", \"unanswered\": ")
      JSONWriter.append(string: reason, to: &output.bytes)
    }
    output.append(", \"timestamps\": [")
    for (index, point) in series.points.enumerated() {
      output.append(index == 0 ? "\"" : ", \"")
      Timestamp.append(point.time, to: &output.bytes)
      output.append("\"")
    }
    output.append("], \"values\": [")
    for (index, point) in series.points.enumerated() {
      if index > 0 { output.append(", ") }
      // The same rounding as computed decimals in all formats.
      NumericText.appendRounded(point.value, fractionDigits: 4, to: &output.bytes)
    }
    output.append("]}")
  }
}
