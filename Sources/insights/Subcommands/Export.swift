internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// The output formats of `insights export`.
enum ExportTarget: String, CaseIterable, ExpressibleByArgument {
  case ndjson, csv, sqlite

  /// The record writer for text formats; `nil` for a database.
  var recordWriter: (any RecordWriter.Type)? {
    switch self {
    case .ndjson: JSONRecordWriter.self
    case .csv: CSVRecordWriter.self
    case .sqlite: nil
    }
  }
}

/// `insights export`: writes raw events for other programs.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write all events, for other programs.",
    usage: "insights export --to <format> [<options>]",
    discussion: """
      Every event is written, in the order of input and without a limit, with @timestamp, @ingestionTime, @log, @logGroup, @logStream, @eventId, @requestId, @type and @message, as far as they are known. 'insights ingest' reads ndjson and csv again. sqlite is a new database with the plain tables log_events, invocations, errors and frames. Parquet is not written.

      Examples:
        insights export --to ndjson | gzip > events.ndjson.gz
        insights export --to csv --log-group '*/orders*' --output orders.csv
        insights export --to sqlite --since=7d --now newest --output week.db
      """)

  @Option(
    help: ArgumentHelp("What to write.", valueName: "format"))
  var to: ExportTarget

  @Option(
    help: ArgumentHelp(
      "Write to this file; for sqlite it must be new or empty.", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var range: RangeOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if to == .sqlite, output == nil {
      throw ValidationError("a database needs a file: --to sqlite --output <file>")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      try OutputFile.check(
        output, store: input.store.path, inputs: input.paths, makesDatabase: to == .sqlite)
      let (engine, inputStatus) = try input.open(messages)
      try range.reportUnknownLogGroups(of: engine, to: reporter)
      let clock = try range.clock(of: engine)
      let options = Binder.Options(
        timeRange: try range.timeRange(at: clock), logGroups: range.logGroup, now: clock)
      if let writer = to.recordWriter {
        try write(
          with: writer.init(fields: SystemField.exported.map(\.rawValue)), engine, options)
      } else if let output {
        try writeDatabase(to: output, engine, options)
      }
      return inputStatus
    }
  }

  private func write(
    with writer: some RecordWriter, _ engine: Engine, _ options: Binder.Options
  ) throws {
    try OutputFile.write(to: output, color: messages.color) { _, buffer in
      writer.appendHead(to: &buffer)
      try engine.forEachEvent(options: options) { record in
        writer.append(record, to: &buffer)
        try buffer.flushIfFull()
      }
    }
  }

  private func writeDatabase(
    to path: String, _ engine: Engine, _ options: Binder.Options
  ) throws {
    guard FileStatus(path).map({ $0.kind == .file && $0.size == 0 }) ?? true else {
      throw Failure(
        .cannotCreate, "'\(path)' is not empty",
        help: ["a database is exported to a new file, which --output names"])
    }
    let file = try OutputFile.replacement(at: path, hasName: true)
    do {
      try engine.export(toDatabaseAt: file.temporaryPath ?? path, options: options)
    } catch StoreError.unavailable(_, let reason) {
      throw Failure(.cannotCreate, "cannot create '\(path)': \(reason)")
    } catch StoreError.writeFailed(let reason) {
      throw Failure(.outputFailed, "'\(path)' cannot be written: \(reason)")
    }
    try file.commit()
  }
}
