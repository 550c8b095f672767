internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsOutput
internal import InsightsText

/// What a query is answered from: a store, or files.
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

  /// The path of the store, or those of the logs.
  var place: String { paths.isEmpty ? store.path : paths.joined(separator: ", ") }

  /// What a report says of it: names without the folders of this machine, as reports are sent around.
  var fact: Report.Fact {
    paths.isEmpty
      ? Report.Fact("Store", SystemPath.shown(FileName.last(of: store.path)))
      : Report.Fact(
        "Logs", paths.map { SystemPath.shown(FileName.last(of: $0)) }.joined(separator: ", "))
  }

  /// What `open` does, as `--timing` calls it.
  var stage: String { paths.isEmpty ? "open" : "read" }

  /// What is watched by commands that go on.
  func followed(_ messages: MessageOptions) -> FollowedLogs {
    FollowedLogs(
      paths.isEmpty ? .store(path: store.path) : .files(paths),
      waiting: messages.waiting(for: store.path))
  }

  /// Says which files are not there yet; whoever follows logs may be earlier than they.
  ///
  /// - Throws: where the folder is missing as well, and waiting would be in vain.
  func tellOfMissingFiles(to reporter: Reporter) throws {
    for path in paths where FileStatus(path) == nil {
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      guard errno == ENOENT, FileStatus(folder)?.kind == .folder else {
        throw Failure(.noInput, "\(path): \(String(cString: strerror(errno)))")
      }
      reporter.note("'\(path)' is not there yet; waiting for it")
    }
  }

  /// Opens the store, or reads the files; what was wrong with those is told and makes the status.
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
    for notice in summary.notices { reporter.tell(notice) }
    return (reporter.following(engine), summary.status)
  }
}
