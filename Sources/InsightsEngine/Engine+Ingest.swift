public import InsightsIngest
internal import InsightsStore

extension Engine {
  /// Takes log files into the store at a path, which is created where there is none.
  ///
  /// What is wrong with single inputs is told in the summary; the others are read all the same.
  ///
  /// `progress` is called about once per megabyte read, `fileEnd` after each input.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func ingest(
    _ paths: [String], intoStoreAt store: String, options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil, fileEnd: ((ImportedFile) -> Void)? = nil
  ) throws -> ImportSummary {
    let store = try Store(path: store, access: .readWrite)
    let summary = try Importer(
      store: store, options: options, progress: progress, fileEnd: fileEnd
    ).run(paths: paths)
    try store.close()
    return summary
  }

  /// Reads log files into a temporary store, which is gone with the engine.
  ///
  /// What is wrong with single inputs is told in the summary; the others are read all the same.
  ///
  /// `progress` is called about once per megabyte read, `fileEnd` after each input.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func reading(
    _ paths: [String], options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil, fileEnd: ((ImportedFile) -> Void)? = nil
  ) throws -> (engine: Engine, summary: ImportSummary) {
    // SQLite's name for a database of our own on disk that nobody else sees.
    let store = try Store(path: "", access: .readWrite)
    let summary = try Importer(
      store: store, options: options, progress: progress, fileEnd: fileEnd
    ).run(paths: paths)
    return (try Engine(store: store), summary)
  }
}
