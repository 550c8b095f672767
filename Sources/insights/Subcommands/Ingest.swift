internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsStore

/// `insights ingest`: files into a store.
struct Ingest: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take exported logs into a store.",
    usage: "insights ingest <path> ... [<options>]",
    discussion: """
      Formats are recognised by content; gzip and zstd are inflated. Ingesting the \
      same input again changes nothing.

      Examples:
        insights ingest ./exported-logs
        insights ingest events.json --log-group /aws/lambda/orders-api
        aws logs filter-log-events … | insights ingest -
      """)

  @Argument(
    help: ArgumentHelp(
      "Files, folders with all below them, or '-' for standard input.",
      valueName: "path"))
  var paths: [String]

  @Option(help: ArgumentHelp("The log group, where the input does not say.", valueName: "name"))
  var logGroup: String?

  @Option(help: ArgumentHelp("The log stream, where the input does not say.", valueName: "name"))
  var logStream: String?

  @Option(
    help: ArgumentHelp(
      "The log format, instead of recognising it: see 'insights formats'.", valueName: "name"),
    completion: .list(LogFormatRegistry.descriptors.map(\.name)))
  var logFormat: String?

  @Option(
    help: ArgumentHelp(
      "The bytes that one compressed file may inflate to. Default: 1 GB, or 100 times its size.",
      valueName: "bytes"))
  var inflateLimit: Int?

  @OptionGroup var store: StoreOptions
  @OptionGroup var summary: SummaryOptions
  @OptionGroup var timing: TimingOptions
  @OptionGroup var messages: MessageOptions

  @Flag(help: "Go on until interrupted, and take in what the files grow by.")
  var follow = false

  func validate() throws {
    if follow, paths.contains("-") {
      throw ValidationError("--follow takes files and folders, not standard input.")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      if follow { Interruption.watch() }
      var snapshot = InputSnapshot(of: paths)
      var times = StageTimes()
      var total = try ingest(reporter, &times)
      while follow, !Interruption.hasCome {
        usleep(300_000)
        let current = InputSnapshot(of: paths)
        guard current != snapshot else { continue }
        snapshot = current
        total.add(try ingest(reporter, &times))
      }
      try summary.write(total.figures, color: messages.color)
      timing.tell(times, to: reporter)
      return follow ? .interrupted : total.status
    }
  }

  private func ingest(
    _ reporter: Reporter, _ times: inout StageTimes
  ) throws -> ImportSummary {
    let start = ContinuousClock.now
    let progress = ProgressReport(isShown: !messages.quiet)
    do {
      let result = try Engine.ingest(
        paths, intoStoreAt: store.path,
        options: ImportOptions(
          logGroup: logGroup, logStream: logStream, logFormat: logFormat,
          inflatedByteLimit: inflateLimit),
        progress: progress.update, fileEnd: reporter.fileEnd(erasing: progress))
      progress.erase()
      let imported = Duration.seconds(result.seconds)
      let derived = Duration.seconds(result.derivationSeconds)
      times.add(imported - derived, to: "read and store")
      times.add(derived, to: "derive")
      times.add(max(.zero, ContinuousClock.now - start - imported), to: "open and close")
      for notice in result.notices { reporter.tell(notice) }
      return result
    } catch ImportError.unknownLogFormat(let name, let known) {
      throw Failure(
        .usage, "unknown log format '\(name)'", help: ["formats: \(known.joined(separator: ", "))"])
    } catch StoreError.unavailable(let path, let reason) where !Failure.isFolder(path) {
      throw Failure(.cannotCreate, "store '\(path)' cannot be created or written: \(reason)")
    }
  }
}

extension ImportSummary {
  /// The gravest of what happened to the inputs.
  var status: ExitStatus {
    ExitStatus.gravest(
      notices.map { notice in
        switch notice.kind {
        case .repaired: .success
        case .lossy: .data
        case .unreadable: .noInput
        }
      })
  }
}

/// The progress line of a terminal, shared with the importer.
final class ProgressReport {
  private var line: ProgressLine

  init(isShown: Bool) {
    line = ProgressLine(fileDescriptor: STDERR_FILENO, isShown: isShown)
  }

  func update(_ progress: ImportProgress) {
    update(bytes: progress.bytes, events: progress.events)
  }

  func update(bytes: Int, events: Int) {
    line.update(byteCount: bytes, eventCount: events)
  }

  func erase() {
    line.erase()
  }
}

extension ImportSummary {
  /// Adds what a further look at the same inputs has stored.
  fileprivate mutating func add(_ other: ImportSummary) {
    events += other.events
    invocations += other.invocations
    errors += other.errors
    seconds += other.seconds
    notices += other.notices.filter { !notices.contains($0) }
  }

  /// The figures of the summary, as the contract with scripts names them.
  fileprivate var figures: [(name: String, value: Value)] {
    [
      ("files", .integer(Int64(files))), ("events", .integer(Int64(events))),
      ("duplicates", .integer(Int64(duplicates))), ("invocations", .integer(Int64(invocations))),
      ("errors", .integer(Int64(errors))), ("warnings", .integer(Int64(warnings))),
      ("bytes", .integer(Int64(bytes))), ("seconds", .real(seconds)),
    ]
  }
}

extension Reporter {
  /// Tells what happened to an input.
  func tell(_ notice: Notice) {
    let path = notice.path == "-" ? "standard input" : notice.path
    let place = notice.line.map { ", line \($0)" } ?? notice.position.map { ", byte \($0)" }
    let name = path + (place ?? "")
    let message = notice.message + (notice.count > 1 ? " (\(notice.count) times)" : "")
    switch notice.kind {
    case .repaired: warning("\(name): \(message)")
    case .lossy:
      warning("\(name): \(message)", notes: ["what could be read is kept"])
    case .unreadable: error("\(name): \(notice.message)")
    }
  }
}
