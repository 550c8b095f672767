internal import InsightsModel
internal import InsightsText

/// `html`: a report as one self-contained page, with charts for aggregated rows.
struct HTMLFormat: ReportFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "html", summary: "a report as one page that needs no network")

  private let timeZone: TimeZone

  init(terminal: Terminal, timeZone: TimeZone) {
    self.timeZone = timeZone
  }

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    let result = NamedResult(name: "result", table: table)
    try write(Report(title: "Result", results: [result], isSingle: true), to: &output)
  }

  func write(_ report: Report, to output: inout OutputBuffer) throws(OutputError) {
    try ReportPage(timeZone: timeZone).write(report, to: &output)
  }
}
