internal import InsightsText
internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore

/// Writes the rows of one query while they are found, in constant memory.
///
/// Formats that may be cut short are written to standard output immediately. A file, or a format
/// that is a single document, appears only when complete.
final class RowOutput: RowSink {
  private enum Destination {
    case stream
    case spool(OutputSpool)
    case file(FileReplacement)
  }

  private let formatter: any RowFormatter
  private let destination: Destination
  private let reporter: Reporter
  private let condition: RowCondition?
  /// Reports notes about a query before its rows.
  private let reportQuery: (CompiledQuery) -> Void
  private var showsStatistics = false
  private var writer: (any RowWriter)?
  private var bytes: [UInt8] = []
  private var hasBegun = false
  private(set) var rowCount = 0
  private(set) var columns: [ResultColumn] = []
  private var verdict: RowCondition.Verdict?

  /// `nil` if the format needs all rows before it can write the first.
  init?(
    _ output: OutputOptions, condition: ConditionOptions, _ messages: MessageOptions,
    reportQuery: @escaping (CompiledQuery) -> Void
  ) throws {
    guard
      let formatter = OutputFormatRegistry.formatter(
        named: output.format, for: .none, timeZone: output.timeZone) as? any RowFormatter
    else { return nil }
    self.formatter = formatter
    self.condition = condition.failIf
    self.reportQuery = reportQuery
    reporter = messages.reporter
    if let path = output.output {
      destination = .file(try OutputFile.replacement(at: path))
    } else if type(of: formatter).mayEndEarly {
      destination = .stream
    } else {
      destination = .spool(OutputSpool(folder: TemporaryFiles.folder))
    }
  }

  /// Runs a query and writes its rows.
  ///
  /// If it fails after rows were written to standard output, a note says how many.
  func write(_ request: QueryRequest, by engine: Engine) throws -> QueryOutcome {
    showsStatistics = request.wantsStatistics
    do {
      return try QueryExecution(request, context: engine.context).run(by: engine, into: self)
    } catch {
      if case .stream = destination, hasBegun, !(error is OutputError) {
        try flush()
        reporter.note("incomplete after \(rowCount) rows")
      }
      throw error
    }
  }

  /// The exit status that the condition determines.
  var status: ExitStatus { verdict?.isTrue ?? false ? .conditionMet : .success }

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) throws {
    reportQuery(query)
    self.columns = columns
    writer = formatter.rowWriter(for: columns)
    verdict = try condition.map { try RowCondition.Verdict($0, over: columns) }
  }

  func receive(_ rows: [[Value]]) throws {
    verdict?.add(rows)
    beginIfNeeded()
    for row in rows {
      writer?.append(row, number: rowCount, to: &bytes)
      rowCount += 1
      if bytes.count >= 1 << 16 { try flush() }
    }
  }

  func end(_ outcome: QueryOutcome) throws {
    beginIfNeeded()
    writer?.appendEnd(
      rowCount: rowCount, statistics: showsStatistics ? outcome.statistics : nil, to: &bytes)
    try flush()
    switch destination {
    case .stream: break
    case .spool(let spool): try spool.copy(to: STDOUT_FILENO)
    case .file(let file): try file.commit()
    }
  }

  /// Writes the head with the first rows, so that a query that fails earlier has written nothing.
  private func beginIfNeeded() {
    guard !hasBegun else { return }
    hasBegun = true
    writer?.appendHead(to: &bytes)
  }

  private func flush() throws(OutputError) {
    defer { bytes.removeAll(keepingCapacity: true) }
    let descriptor: Int32
    switch destination {
    case .stream: descriptor = STDOUT_FILENO
    case .file(let file): descriptor = file.descriptor
    case .spool(let spool): return try spool.append { $0.append(contentsOf: bytes) }
    }
    var buffer = OutputBuffer(fileDescriptor: descriptor)
    buffer.append(contentsOf: bytes)
    try buffer.flush()
  }
}
