internal import InsightsModel
public import InsightsQuery
internal import InsightsText

/// What a user should know of a request or its answer, beside the rows and the diagnostics of the
/// query's text.
public struct QueryNote: Hashable, Sendable {
  public var severity: Severity
  /// One lower-case sentence without a full stop.
  public var message: String
  public var notes: [String]
  /// Next steps.
  public var help: [String]

  public enum Severity: String, Sendable { case warning, note }

  public init(
    _ severity: Severity, _ message: String, notes: [String] = [], help: [String] = []
  ) {
    self.severity = severity
    self.message = message
    self.notes = notes
    self.help = help
  }
}

extension Engine {
  /// Warnings of globs that no log group matches, with the names of those that there are.
  ///
  /// - Throws: `StoreError`.
  public func notes(ofLogGroups globs: [String]) throws -> [QueryNote] {
    try globs.compactMap { glob in
      guard let names = try logGroups(insteadOf: glob) else { return nil }
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      return QueryNote(
        .warning, "no log group matches '\(glob)'",
        notes: [
          names.isEmpty
            ? "no event here has a log group"
            : "log groups: \(shown)" + (names.count > 5 ? " and \(names.count - 5) more" : "")
        ],
        help: names.isEmpty
          ? ["name one when you ingest: --log-group <name>"] : ["list them: insights groups"])
    }
  }

  /// What there is to know of an answer: that rows were left out, or why there are none.
  public func notes(of outcome: QueryOutcome, to request: QueryRequest) -> [QueryNote] {
    let rowCount = outcome.statistics.resultCount
    var notes: [QueryNote] = []
    if rowCount == Binder.defaultRowLimit, request.options.rowLimit == nil,
      !outcome.query.syntax.hasLimit
    {
      notes.append(
        QueryNote(
          .note, "showing the first \(Binder.defaultRowLimit) rows",
          help: ["set your own 'limit', up to 100000, or aggregate with 'stats'"]))
    }
    if rowCount == 0, request.options.timeRange != .everything,
      let newest = try? newestTimestamp()
    {
      var time: [UInt8] = []
      Timestamp.append(newest, to: &time)
      notes.append(
        QueryNote(
          .note,
          "no event matches in this time range; the newest event is of "
            + String(decoding: time, as: UTF8.self)))
    }
    return notes
  }

  /// The traps of CloudWatch that may be why a query has no rows; none where it has some.
  public func trapsExplainingNoRows(of outcome: QueryOutcome) -> [Diagnostic] {
    outcome.statistics.resultCount == 0 ? traps(of: outcome.query, explainingNoRows: true) : []
  }
}
