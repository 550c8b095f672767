internal import InsightsModel

extension Binder {
  /// Compares the current patterns with those of an earlier period.
  ///
  /// `shift` returns the distance to that period in milliseconds, for a period between two times;
  /// `clustering` is the source of the patterns.
  mutating func compare(
    _ clustering: Clustering, at span: SourceSpan, shift: (_ start: Int64, _ end: Int64) -> Int64
  ) {
    guard let start = options.timeRange.start else {
      // Without a store the time range is not known yet.
      if catalog != nil {
        warn(
          "comparison-without-start", "the query has no start, so there is nothing to compare with",
          at: span, help: ["give the range of time that is compared, as in --since 1d"])
      }
      cluster(clustering.comparedWithNothing())
      return
    }
    let end = max(start, options.timeRange.end ?? options.now &+ 1)
    let comparison = Clustering.Comparison(shift: shift(start, end), end: end)
    guard let compared = clustering.compared(from: start, comparison) else {
      report(
        "incomparable-patterns", "patterns of these rows cannot be compared", at: span,
        notes: ["only 'fields', 'filter' and 'parse' may stand before 'pattern' then"])
      return
    }
    cluster(compared)
  }

  /// Returns the source of the patterns before a command; reports an error if there are none.
  mutating func patterns(before command: String, at span: SourceSpan) -> Clustering? {
    if let clustering = currentClustering { return clustering }
    // A missing pattern has already been reported.
    guard !diagnostics.contains(where: { $0.span == span && $0.severity == .error }) else {
      return nil
    }
    report(
      "misplaced-\(command)", "'\(command)' does not follow 'pattern' at once", at: span,
      help: ["move it behind 'pattern'"])
    return nil
  }
}
