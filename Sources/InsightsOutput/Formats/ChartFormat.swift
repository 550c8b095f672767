internal import InsightsModel
internal import InsightsText

/// `chart`: bars, or columns and lines over time, as wide as the terminal.
///
/// A result without numbers, or with charts disabled by its query, is written as `table`.
struct ChartFormat: ReportFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "chart", summary: "bars, or columns and lines over time, drawn with letters")

  private let terminal: Terminal
  private let timeZone: TimeZone

  init(terminal: Terminal, timeZone: TimeZone) {
    self.terminal = terminal
    self.timeZone = timeZone
  }

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    try write(table, as: .automatic, to: &output)
  }

  /// Writes each chart below its name.
  func write(_ report: Report, to output: inout OutputBuffer) throws(OutputError) {
    for (index, result) in report.results.enumerated() {
      if index > 0 { output.append("\n") }
      if !report.isSingle { tables.appendHeading(of: result, to: &output) }
      if result.table.rows.isEmpty, !report.isSingle {
        tables.appendNoRows(to: &output)
      } else {
        try write(result.table, as: result.chart, to: &output)
      }
    }
  }

  private var tables: TableFormat { TableFormat(terminal: terminal, timeZone: timeZone) }

  private func write(
    _ table: ResultTable, as preference: ChartPreference, to output: inout OutputBuffer
  ) throws(OutputError) {
    guard preference != .none, let chart = Chart(of: table, kind: preference.kind) else {
      return try tables.write(table, to: &output)
    }
    let drawing = TextChart(
      columnCount: max(30, terminal.proseColumnCount ?? 80), usesColor: terminal.usesColor,
      timeZone: timeZone)
    try drawing.write(chart, to: &output)
  }
}
