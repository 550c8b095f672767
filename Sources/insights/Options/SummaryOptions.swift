internal import ArgumentParser
internal import InsightsModel
internal import InsightsOutput

/// The formats of a summary, which is one record rather than rows.
enum SummaryFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json
}

/// Options for the output of a few statistics.
struct SummaryOptions: ParsableArguments {
  @Option(help: "The figures as a table, or as one JSON object.")
  var format: SummaryFormat = .table

  /// Writes statistics to standard output, in order.
  func write(_ figures: [(name: String, value: Value)], color: ColorChoice) throws {
    let terminal = Terminal(fileDescriptor: 1, color: color)
    var buffer = OutputBuffer(fileDescriptor: 1)
    switch format {
    case .json:
      let columns = figures.map { ResultColumn(name: $0.name, type: .any, isComputed: true) }
      let table = ResultTable(columns: columns, rows: [figures.map(\.value)])
      try OutputFormatRegistry.formatter(named: "ndjson", for: terminal)?.write(table, to: &buffer)
    case .table: try SummaryTable.write(figures, for: terminal, to: &buffer)
    }
    try buffer.flush()
  }
}
