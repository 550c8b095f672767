public import InsightsIngest
internal import InsightsStore

extension Engine {
  /// Takes log files into the store at a path, which is created where there is none.
  ///
  /// What is wrong with single inputs is told in the summary; the others are read all the same.
  ///
  /// `followed` makes further calls for inputs that have grown cheap. `progress` is called about once
  /// per megabyte read.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func ingest(
    _ paths: [String], intoStoreAt store: String, options: ImportOptions = ImportOptions(),
    followed: FollowedInputs? = nil, progress: ((ImportProgress) -> Void)? = nil
  ) throws -> ImportSummary {
    let store = try Store(path: store, access: .readWrite)
    var summary = try Importer(
      store: store, options: options, followed: followed, progress: progress
    ).run(paths: paths)
    if !summary.unnamedInputs.isEmpty {
      try Engine(store: store).addLikelyLogGroups(to: &summary.unnamedInputs)
    }
    try store.close()
    return summary
  }

  /// Reads log files into a temporary store, which is gone with the engine.
  ///
  /// What is wrong with single inputs is told in the summary; the others are read all the same.
  ///
  /// `progress` is called about once per megabyte read.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func reading(
    _ paths: [String], options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws -> (engine: Engine, summary: ImportSummary) {
    // SQLite's name for a database of our own on disk that nobody else sees.
    let store = try Store(path: "", access: .readWrite)
    let summary = try Importer(store: store, options: options, progress: progress).run(paths: paths)
    return (try Engine(store: store), summary)
  }

  /// What an ingest of log files would read, input by input; nothing is stored.
  ///
  /// - Throws: `ImportError`.
  public static func inspect(
    _ paths: [String], options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws -> [InputFacts] {
    try InputInspector(options: options).inspect(paths: paths, progress: progress)
  }
}
