internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsOutput
internal import InsightsText

/// Options for the source of a query's events: a store, or files.
struct SourceOptions: ParsableArguments {
  @Option(
    name: .customLong("from"),
    help: ArgumentHelp(
      "Answer straight from these logs, and leave no store behind; repeatable.",
      valueName: "path"), completion: .file())
  var paths: [String] = []

  @OptionGroup var store: StoreOptions

  func validate() throws {
    if !paths.isEmpty, store.database != nil {
      throw ValidationError("--from and --db exclude each other")
    }
  }

  /// The path of the store, or the paths of the logs.
  var place: String { paths.isEmpty ? store.path : paths.joined(separator: ", ") }

  /// The source in a report: names without local folders, as reports are passed on.
  var fact: Report.Fact {
    paths.isEmpty
      ? Report.Fact("Store", SystemPath.shown(FileName.last(of: store.path)))
      : Report.Fact(
        "Logs", paths.map { SystemPath.shown(FileName.last(of: $0)) }.joined(separator: ", "))
  }

  /// The name of `open` in `--timing`.
  var stage: String { paths.isEmpty ? "open" : "read" }

  /// The logs that follow mode watches.
  func followed(_ messages: MessageOptions) -> FollowedLogs {
    FollowedLogs(
      paths.isEmpty ? .store(path: store.path) : .files(paths),
      waiting: messages.waiting(for: store.path))
  }

  /// Reports which files do not exist yet, as follow mode may start before they do.
  ///
  /// - Throws: if the folder is missing too, so that waiting would be pointless.
  func reportMissingFiles(to reporter: Reporter) throws {
    for path in paths where FileStatus(path) == nil {
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      guard errno == ENOENT, FileStatus(folder)?.kind == .folder else {
        throw Failure(.noInput, "\(path): \(String(cString: strerror(errno)))")
      }
      reporter.note("'\(path)' is not there yet; waiting for it")
    }
  }

  /// Opens the store, or reads the files; problems with files are reported and determine the
  /// status.
  func open(_ messages: MessageOptions) throws -> (engine: Engine, status: ExitStatus) {
    let reporter = messages.reporter
    Interruption.watch(grace: Interruption.usualGrace)
    guard !paths.isEmpty else {
      return (reporter.following(try openEngine(store, messages)), .success)
    }
    let progress = ProgressReport(isShown: !reporter.isQuiet)
    let (engine, summary) = try Engine.reading(
      paths, waiting: messages.waiting(), progress: progress.update,
      fileEnd: reporter.fileEnd(erasing: progress))
    progress.erase()
    for notice in summary.notices { reporter.report(notice) }
    return (reporter.following(engine), summary.status)
  }
}
