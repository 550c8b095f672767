public import InsightsIngest
internal import InsightsStore

extension Engine {
  /// Takes log files into the store at a path, which is created where there is none.
  ///
  /// What is wrong with single inputs is told in the summary; the others are read all the same.
  ///
  /// `progress` is called about once per megabyte read.
  ///
  /// - Throws: `ImportError`, `StoreError`.
  public static func ingest(
    _ paths: [String], intoStoreAt store: String, options: ImportOptions = ImportOptions(),
    progress: ((ImportProgress) -> Void)? = nil
  ) throws -> ImportSummary {
    let store = try Store(path: store, access: .readWrite)
    let summary = try Importer(store: store, options: options, progress: progress).run(paths: paths)
    try store.close()
    return summary
  }
}
