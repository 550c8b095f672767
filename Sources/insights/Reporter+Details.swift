internal import InsightsScan
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore

/// The messages of `--verbose`.
extension Reporter {
  /// Returns the engine, configured to report its queries.
  func following(_ engine: Engine) -> Engine {
    guard isVerbose else { return engine }
    return engine.observed { outcome in
      let (query, timing) = (outcome.query, outcome.timing)
      let plan = query.plan.description.split(separator: "\n", omittingEmptySubsequences: false)
      detail(
        "query '\(query.source.name)'",
        lines: plan.map(String.init)
          + (timing.scanned.segments > 0 ? ["segments: \(timing.scanned.summary)"] : []))
    }
  }

  /// Returns a callback that reports each file read; `nil` if not verbose.
  func fileEnd(erasing progress: ProgressReport) -> ((ImportedFile) -> Void)? {
    guard isVerbose else { return nil }
    return { file in
      progress.erase()
      report(file)
    }
  }

  private func report(_ file: ImportedFile) {
    let groups =
      file.logGroups.isEmpty
      ? "no log group"
      : (file.logGroups.count == 1 ? "log group " : "log groups ")
        + file.logGroups.joined(separator: ", ")
    detail(
      "\(file.path == "-" ? "standard input" : file.path): format \(file.logFormat), \(groups), "
        + (file.events == 1 ? "1 event" : "\(file.events.grouped) events")
        + (file.duplicates > 0 ? ", \(file.duplicates.grouped) there already" : ""))
  }
}
