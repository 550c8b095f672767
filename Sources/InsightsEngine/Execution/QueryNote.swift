internal import InsightsModel
public import InsightsQuery
internal import InsightsText

/// A note for the user about a request or its result, in addition to rows and diagnostics.
public struct QueryNote: Hashable, Sendable {
  /// Whether it is a warning.
  public var severity: Severity
  /// One lower-case sentence without a full stop.
  public var message: String
  /// Further facts, one sentence each.
  public var notes: [String]
  /// Next steps.
  public var help: [String]

  /// The severity of a note.
  public enum Severity: String, Sendable { case warning, note }

  /// Makes a note.
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
  /// Returns warnings about globs that match no log group, with the names of existing ones.
  ///
  /// - Throws: `StoreError`.
  public func notes(ofLogGroups globs: [String]) throws -> [QueryNote] {
    try globs.compactMap { glob in
      guard let names = try logGroupSuggestions(for: glob) else { return nil }
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

  /// Returns notes about a result: that rows were omitted, or why there are none.
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
    let hasRange =
      request.options.timeRange != .everything
      || outcome.query.plan.scans.contains { $0.timeRange != .everything }
    if rowCount == 0, hasRange, let newest = try? newestTimestamp() {
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

  /// Returns the traps (lint rules) that may explain an empty result; none if there are rows.
  public func trapsExplainingNoRows(of outcome: QueryOutcome) -> [Diagnostic] {
    outcome.statistics.resultCount == 0 ? traps(of: outcome.query, explainingNoRows: true) : []
  }
}
