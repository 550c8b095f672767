internal import ArgumentParser
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsOutput

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
      ? Report.Fact("Store", FileName.last(of: store.path))
      : Report.Fact("Logs", paths.map(FileName.last).joined(separator: ", "))
  }

  /// What `open` does, as `--timing` calls it.
  var stage: String { paths.isEmpty ? "open" : "read" }

  /// What is watched by commands that go on.
  var followed: FollowedLogs {
    FollowedLogs(paths.isEmpty ? .store(path: store.path) : .files(paths))
  }

  /// Opens the store, or reads the files; what was wrong with those is told and makes the status.
  func open(telling reporter: Reporter) throws -> (engine: Engine, status: ExitStatus) {
    guard !paths.isEmpty else {
      let engine = try openEngine(store)
      reporter.follow(engine)
      return (engine, .success)
    }
    let progress = ProgressReport(isShown: !reporter.isQuiet)
    let (engine, summary) = try Engine.reading(
      paths, progress: progress.update, fileEnd: reporter.fileEnd(erasing: progress))
    progress.erase()
    reporter.follow(engine)
    for notice in summary.notices { reporter.tell(notice) }
    return (engine, summary.status)
  }
}
