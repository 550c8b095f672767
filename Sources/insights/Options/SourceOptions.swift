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

  /// What a report says of it.
  var fact: Report.Fact {
    paths.isEmpty
      ? Report.Fact("Store", store.path) : Report.Fact("Logs", paths.joined(separator: ", "))
  }

  /// What `open` does, as `--timing` calls it.
  var stage: String { paths.isEmpty ? "open" : "read" }

  /// What is watched by commands that go on.
  var followed: FollowedLogs {
    FollowedLogs(paths.isEmpty ? .store(path: store.path) : .files(paths))
  }

  /// Opens the store, or reads the files; what was wrong with those is told and makes the status.
  func open(telling reporter: Reporter) throws -> (engine: Engine, status: ExitStatus) {
    guard !paths.isEmpty else { return (try openEngine(store), .success) }
    let progress = ProgressReport(isShown: !reporter.isQuiet)
    let (engine, summary) = try Engine.reading(paths, progress: progress.update)
    progress.erase()
    for notice in summary.notices { reporter.tell(notice) }
    return (engine, summary.status)
  }
}
