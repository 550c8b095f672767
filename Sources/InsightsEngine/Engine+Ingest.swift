public import InsightsIngest
public import InsightsModel
internal import InsightsStore

extension Engine {
  /// Ingests log files into the store at a path, which is created if it is missing.
  ///
  /// Problems with single inputs are reported in the summary; the others are read nevertheless. A
  /// store that was created but received nothing is removed.
  ///
  /// `followed` makes further calls for inputs that have grown cheap. `waiting` says how long to
  /// wait for other writers; at its deadline, what has been read until then is kept. `progress` is
  /// called about once per megabyte read, `fileEnd` after each input.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func ingest(
    _ paths: [String], intoStoreAt store: String, options: ImportOptions = ImportOptions(),
    followed: FollowedInputs? = nil, waiting: Waiting = Waiting(),
    progress: ((ImportProgress) -> Void)? = nil, fileEnd: ((ImportedFile) -> Void)? = nil
  ) throws -> ImportSummary {
    let store = try Store(path: store, access: .ingest, waiting: waiting)
    var summary: ImportSummary
    do {
      summary = try Importer(
        store: store, options: options, followed: followed, progress: progress, fileEnd: fileEnd
      ).run(paths: paths)
      let isCutShort = summary.hasFailed || summary.wasInterrupted || summary.hasTimedOut
      if isCutShort, try store.removeIfNothingIsStored() { return summary }
    } catch {
      // The original error is the one to report.
      _ = try? store.removeIfNothingIsStored()
      throw error
    }
    if !summary.unnamedInputs.isEmpty {
      try Engine(store: store).addLikelyLogGroups(to: &summary.unnamedInputs)
    }
    summary.isStillRead = try !store.close()
    return summary
  }

  /// Reads log files into a temporary store, which is deleted with the engine.
  ///
  /// Problems with single inputs are reported in the summary; the others are read nevertheless.
  /// `progress` is called about once per megabyte read, `fileEnd` after each input.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func reading(
    _ paths: [String], options: ImportOptions = ImportOptions(),
    waiting: Waiting = Waiting(), progress: ((ImportProgress) -> Void)? = nil,
    fileEnd: ((ImportedFile) -> Void)? = nil
  ) throws -> (engine: Engine, summary: ImportSummary) {
    let store = try Store(.temporaryFile, waiting: waiting)
    let summary = try Importer(
      store: store, options: options, progress: progress, fileEnd: fileEnd
    ).run(paths: paths)
    if summary.hasTimedOut { throw StoreError.timedOut }
    if summary.wasInterrupted { throw StoreError.interrupted }
    try store.prepareForQueries()
    let context = ExecutionContext(cancellation: waiting.cancellation)
    return (try Engine(store: store, context: context), summary)
  }

  /// Returns what an ingest of log files would read, input by input; nothing is stored.
  ///
  /// - Throws: `ImportError`.
  public static func inspect(
    _ paths: [String], options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws -> [InputFacts] {
    try InputInspector(options: options).inspect(paths: paths, progress: progress)
  }
}
