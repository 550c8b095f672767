internal import ArgumentParser
internal import Glibc
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText

/// Options for the format and destination of results.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to write results: \(OutputFormatRegistry.all.map { $0.descriptor.name }.joined(separator: ", ")).",
      valueName: "format"),
    completion: .list(OutputFormatRegistry.all.map { $0.descriptor.name }))
  var format = OutputFormatRegistry.all[0].descriptor.name

  @Option(
    help: ArgumentHelp("Write the results to this file.", valueName: "file"), completion: .file())
  var output: String?

  @OptionGroup var zone: TimeZoneOptions

  func validate() throws {
    let names = OutputFormatRegistry.all.map { $0.descriptor.name }
    guard names.contains(format) else {
      throw ValidationError(
        "unknown format '\(format)'; formats: \(names.joined(separator: ", "))")
    }
  }

  /// The zone for displaying times.
  var timeZone: TimeZone { zone.timeZone }

  /// Whether the format shows the pointers of events, details of patterns, and statistics.
  var showsQueryDetails: Bool { OutputFormatRegistry.showsQueryDetails(format) }

  /// Whether the format can contain the results of several queries.
  var takesSeveralResults: Bool {
    let formatter = OutputFormatRegistry.formatter(named: format, for: .none)
    return formatter is any ResultCollectionFormatter || formatter is any ReportFormatter
  }

  /// Writes results, with all parts that the format supports.
  func write(_ report: Report, color: ColorChoice) throws {
    try write(color: color) { formatter, buffer in
      if let formatter = formatter as? any ReportFormatter {
        try formatter.write(report, to: &buffer)
      } else if report.isSingle, let result = report.results.first {
        try formatter.write(result.table, to: &buffer)
      } else if let formatter = formatter as? any ResultCollectionFormatter {
        try formatter.write(report.results, to: &buffer)
      }
    }
  }

  /// Reports that a chart was requested but the result has nothing to draw.
  func reportMissingChart(of result: NamedResult, to reporter: Reporter) {
    if format == "chart", !result.table.rows.isEmpty, Chart(of: result.table) == nil {
      reporter.note("the result has no numbers to draw; it is shown as a table")
    }
  }

  /// Formats results with `write` and writes them to their destination.
  func write(
    color: ColorChoice,
    _ write: (any ResultFormatter, inout OutputBuffer) throws -> Void
  ) throws {
    try Interruption.check()
    let file = try output.map { try OutputFile.replacement(at: $0) }
    let descriptor = file?.descriptor ?? STDOUT_FILENO
    let terminal = Terminal(fileDescriptor: descriptor, color: color)
    guard
      let formatter = OutputFormatRegistry.formatter(
        named: format, for: terminal, timeZone: timeZone)
    else {
      throw ValidationError("unknown format '\(format)'")
    }
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    try write(formatter, &buffer)
    try buffer.flush()
    try file?.commit()
  }
}
