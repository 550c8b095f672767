internal import ArgumentParser
internal import Glibc
internal import InsightsClickHouse
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsStore

/// `insights ingest`: reads files into a store.
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
        insights ingest logs.db --db clickhouse://reader@example.org/logs
      """)

  @Argument(
    help: ArgumentHelp(
      "Files, folders with all below them, or '-' for standard input; into ClickHouse also a store.",
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

  @Flag(help: "Store what is there under another log group or stream under this one too.")
  var again = false

  @Flag(help: "Tell what is in each input, and store nothing.")
  var dryRun = false

  @OptionGroup var store: StoreOptions
  @OptionGroup var summary: SummaryOptions
  @OptionGroup var timing: TimingOptions
  @OptionGroup var messages: MessageOptions

  @Flag(help: "Go on until interrupted, and take in what the files grow by.")
  var follow = false

  func validate() throws {
    if follow, dryRun {
      throw ValidationError("--dry-run looks once; it does not go with --follow.")
    }
    if follow, paths.contains("-") {
      throw ValidationError("--follow takes files and folders, not standard input.")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      if dryRun { return try inspect(reporter) }
      Interruption.watch(grace: follow ? nil : 0)
      var snapshot = InputSnapshot(of: paths)
      var times = StageTimes()
      let followed = follow ? FollowedInputs() : nil
      let ingest = try source(followed, reporter)
      var total = try run(ingest, reporter, &times)
      reporter.report(total.unnamedInputs)
      var reportedPaths = Set(total.unnamedInputs.map(\.path))
      while follow, !Interruption.hasCome, !messages.waiting().isOver {
        usleep(300_000)
        let current = InputSnapshot(of: paths)
        guard current != snapshot else { continue }
        snapshot = current
        let added = try run(ingest, reporter, &times)
        reporter.report(added.unnamedInputs.filter { reportedPaths.insert($0.path).inserted })
        total.add(added)
      }
      try summary.write(total.figures, color: messages.color)
      timing.report(times, to: reporter)
      if follow { return Interruption.hasCome ? .interrupted : .success }
      if total.hasTimedOut {
        reporter.error(
          "the time limit was reached before the end of the logs (--timeout)",
          notes: ["what was read until then is stored"],
          help: ["run the same command again: it goes on from there"])
      }
      if total.wasInterrupted {
        reporter.note("interrupted; what was read until then is stored")
      }
      return total.status
    }
  }

  private var options: ImportOptions {
    ImportOptions(
      logGroup: logGroup, logStream: logStream, logFormat: logFormat, again: again,
      inflatedByteLimit: inflateLimit)
  }

  /// Reports what an ingest would read.
  private func inspect(_ reporter: Reporter) throws -> ExitStatus {
    let progress = ProgressReport(isShown: !messages.quiet)
    let facts = try reportingUnknownFormats {
      try Engine.inspect(paths, options: options, progress: progress.update)
    }
    progress.erase()
    let notices = facts.flatMap(\.notices)
    for notice in notices { reporter.report(notice, isStored: false) }
    try InspectionListing(facts).write(as: summary.format, color: messages.color)
    return ExitStatus(mostSevereOf: notices)
  }

  private func reportingUnknownFormats<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch ImportError.unknownLogFormat(let name, let known) {
      throw Failure(
        .usage, "unknown log format '\(name)'", help: ["formats: \(known.joined(separator: ", "))"])
    }
  }

  /// Ingests the inputs into the store, at each call.
  private typealias Source = (_ progress: ProgressReport) throws -> ImportSummary

  private func source(_ followed: FollowedInputs?, _ reporter: Reporter) throws -> Source {
    guard let address = try store.clickHouse() else {
      return { progress in
        try Engine.ingest(
          paths, intoStoreAt: store.path, options: options, followed: followed,
          waiting: messages.waiting(for: store.path), progress: progress.update,
          fileEnd: reporter.fileEnd(erasing: progress))
      }
    }
    var current: ProgressReport?
    let ingest = try reportingUnknownFormats {
      try ClickHouseIngest(
        into: address, options: options, followed: followed,
        waiting: messages.waiting(for: store.path), progress: { current?.update($0) },
        fileEnd: { file in
          if let current { reporter.fileEnd(erasing: current)?(file) }
        })
    }
    return { progress in
      current = progress
      defer { current = nil }
      return try Engine.ingest(paths, with: ingest)
    }
  }

  private func run(
    _ ingest: Source, _ reporter: Reporter, _ times: inout StageTimes
  ) throws -> ImportSummary {
    let start = ContinuousClock.now
    let progress = ProgressReport(isShown: !messages.quiet)
    do {
      let result = try reportingUnknownFormats { try ingest(progress) }
      progress.erase()
      let imported = Duration.seconds(result.seconds)
      let derived = Duration.seconds(result.derivationSeconds)
      times.add(imported - derived, to: "read and store")
      times.add(derived, to: "derive")
      times.add(max(.zero, ContinuousClock.now - start - imported), to: "open and close")
      for notice in result.notices { reporter.report(notice) }
      if result.named > 0 {
        let events = result.named == 1 ? "1 event has" : "\(result.named) events have"
        reporter.note("\(events) a name now that had none before")
      }
      if result.isStillRead { reporter.noteStillRead(store.path) }
      return result
    } catch StoreError.timedOut {
      if follow { return ImportSummary() }
      throw Failure(
        .data, "the time limit was reached while others used '\(store.path)' (--timeout)",
        notes: ["nothing was ingested"])
    } catch StoreError.interrupted {
      var summary = ImportSummary()
      summary.wasInterrupted = true
      return summary
    } catch StoreError.unavailable(let path, let reason) where !Failure.isFolder(path) {
      throw Failure(.cannotCreate, "store '\(path)' cannot be created or written: \(reason)")
    }
  }
}

extension ImportSummary {
  /// The most severe status of the inputs.
  var status: ExitStatus {
    ExitStatus.mostSevere([
      hasTimedOut ? .data : .success, wasInterrupted ? .interrupted : .success,
      ExitStatus(mostSevereOf: notices),
    ])
  }
}

extension ExitStatus {
  /// Returns the most severe status of the inputs.
  init(mostSevereOf notices: [Notice]) {
    self = ExitStatus.mostSevere(
      notices.map { notice in
        switch notice.kind {
        case .repaired, .otherwiseNamed, .overlapping: .success
        case .lossy: .data
        case .unreadable: .noInput
        }
      })
  }
}

/// The progress line on the terminal, shared with the importer.
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
  /// Adds the result of another pass over the same inputs.
  fileprivate mutating func add(_ other: ImportSummary) {
    events += other.events
    invocations += other.invocations
    errors += other.errors
    seconds += other.seconds
    hasTimedOut = hasTimedOut || other.hasTimedOut
    wasInterrupted = wasInterrupted || other.wasInterrupted
    notices += other.notices.filter { !notices.contains($0) }
  }

  /// The statistics of the summary, by their names for scripts.
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
  /// Reports a notice about an input; `isStored` says whether the readable part was stored.
  func report(_ notice: Notice, isStored: Bool = true) {
    let path = notice.path == "-" ? "standard input" : notice.path
    let place = notice.line.map { ", line \($0)" } ?? notice.position.map { ", byte \($0)" }
    let name = path + (place ?? "")
    let message = notice.message + (notice.count > 1 ? " (\(notice.count) times)" : "")
    switch notice.kind {
    case .repaired: warning("\(name): \(message)")
    case .otherwiseNamed:
      warning("\(name): \(message)", help: ["'--again' stores it under both"])
    case .overlapping:
      warning(
        "\(name): \(message)",
        help: [
          "ingest both again with '--log-group NAME': where the group is known, each event is kept once"
        ])
    case .lossy:
      warning("\(name): \(message)", notes: isStored ? ["what could be read is kept"] : [])
    case .unreadable: error("\(name): \(notice.message)")
    }
  }

  /// Reports inputs without a log group, and how to name it.
  func report(_ inputs: [UnnamedInput]) {
    guard !inputs.isEmpty else { return }
    let count = inputs.reduce(0) { $0 + $1.eventCount }
    let shown = inputs.prefix(3).map { $0.path == "-" ? "standard input" : $0.path }
    let rest = inputs.count - shown.count
    let names = shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    var help: [String] = []
    let groups = Set(inputs.compactMap(\.likelyLogGroup)).sorted()
    for group in groups.prefix(3) {
      let paths = inputs.filter { $0.likelyLogGroup == group }.prefix(3).map(\.path)
      help.append(
        "likely '\(group)': insights ingest \(paths.joined(separator: " ")) --log-group \(group)")
    }
    if groups.isEmpty || inputs.contains(where: { $0.likelyLogGroup == nil }) {
      help.append("the same ingest with '--log-group NAME' names them; nothing is stored twice")
    }
    note(
      "no log group is known of \(count) event\(count == 1 ? "" : "s") of \(names)", help: help)
  }
}
