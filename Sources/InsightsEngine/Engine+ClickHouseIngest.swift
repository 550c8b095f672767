public import InsightsClickHouse
public import InsightsIngest

extension Engine {
  /// Ingests log files, and existing stores given by their paths, into a store on a ClickHouse
  /// server.
  ///
  /// Problems with single inputs are reported in the summary; the others are read nevertheless.
  ///
  /// - Throws: `ImportError`, `StoreError`. Inputs stored before the error remain, and repeating
  ///   the ingest completes it.
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
