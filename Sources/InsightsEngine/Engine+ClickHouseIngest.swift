public import InsightsClickHouse
public import InsightsIngest

extension Engine {
  /// Takes log files, and stores given by their path, into a store on a ClickHouse server.
  ///
  /// What is wrong with single inputs is told in the summary; the others are read all the same.
  ///
  /// - Throws: `ImportError`, `StoreError`; what was stored before stays, and the same ingest completes it.
  public static func ingest(
    _ paths: [String], with ingest: ClickHouseIngest
  ) throws -> ImportSummary {
    var summary = try ingest.run(paths: paths)
    if !summary.unnamedInputs.isEmpty, let store = ingest.logStore {
      try Engine(store: store).addLikelyLogGroups(to: &summary.unnamedInputs)
    }
    return summary
  }
}
