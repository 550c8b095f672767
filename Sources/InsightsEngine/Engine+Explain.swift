internal import InsightsScan
public import InsightsModel
public import InsightsQuery
internal import InsightsStore
internal import InsightsText

extension Engine {
  /// Returns the output of one stage for a query, as text.
  ///
  /// Only `scan` needs an engine: the query is run over its store; without one there are no events.
  /// `lookupTables` are those that the query uses.
  ///
  /// - Throws: `QueryError` if compilation fails before or in that stage.
  public static func explain(
    _ source: SourceText, stage: QueryStage, options: Binder.Options,
    lookupTables: [LookupTable] = [], engine: Engine? = nil
  ) throws -> String {
    switch stage {
    case .tokens:
      let (tokens, diagnostics) = Lexer.tokens(of: source)
      guard diagnostics.isEmpty else { throw QueryError(source: source, diagnostics: diagnostics) }
      return tokens.map { token in
        let (line, column) = source.location(of: token.span.lowerBound)
        return "\(line):\(column) \(token)"
      }.joined(separator: "\n")
    case .syntax:
      let (syntax, diagnostics) = Parser.parse(source)
      guard !diagnostics.contains(where: { $0.severity == .error }) else {
        throw QueryError(source: source, diagnostics: diagnostics)
      }
      return syntax.description
    case .plan: return try CompiledQuery(source, options: options).plan.description
    case .sql: return try CompiledQuery(source, options: options).plan.statement().description
    case .sqlite:
      let query = try CompiledQuery(source, options: options)
      let engine = try Engine(store: Store(.memory))
      try engine.load(lookupTables)
      return try engine.backend.explanation(of: query.plan)
    case .scan:
      let engine = try engine ?? Engine(store: Store(.memory))
      try engine.load(lookupTables)
      return try engine.scanExplanation(of: engine.compile(source, options: options))
    }
  }

  /// Runs a query; returns what its scans do and read, and the remaining work.
  private func scanExplanation(of query: CompiledQuery) throws(StoreError) -> String {
    let (scans, rest) = try backend.scans(of: query.plan, context: context)
    var lines: [String] = []
    for (number, scan) in scans.enumerated() {
      lines.append(scans.count > 1 ? "scan \(number + 1)" : "scan")
      lines += "\(scan.request)".split(separator: "\n").map { "  \($0)" }
      let fields = scan.statistics.indexedFields.sorted()
      if !fields.isEmpty { lines.append("  by the index of " + fields.joined(separator: ", ")) }
      let texts = scan.statistics.searchedTexts.sorted().map { "'\($0)'" }
      if !texts.isEmpty {
        lines.append("  by the filters of messages: " + texts.joined(separator: ", "))
      }
      // A server may not report what it has read.
      if scan.remoteStatement == nil || scan.statistics.eventsRead > 0 {
        lines.append("  " + scan.statistics.summary)
      }
      lines += scan.statistics.segmentLines.map { "  " + $0 }
      if let statement = scan.remoteStatement {
        lines.append("  on the server:")
        lines += statement.split(separator: "\n").map { "    \($0)" }
        lines += scan.localSteps.map { "  here: \($0)" }
      }
      lines.append("")
    }
    return (lines + [rest]).joined(separator: "\n")
  }
}

extension ScanStatistics {
  /// The outcome of each segment; consecutive equal ones are combined.
  fileprivate var segmentLines: [String] {
    var lines: [String] = []
    var next = 0
    while next < lastSegments.count {
      let outcome = lastSegments[next].outcome
      let run = lastSegments[next...].prefix { $0.outcome == outcome }
      let numbers =
        run.count == 1 ? "segment \(next + 1)" : "segments \(next + 1) to \(next + run.count)"
      let times = run.compactMap(\.timestamps)
      var range = ""
      if let first = times.map(\.lowerBound).min(), let last = times.map(\.upperBound).max() {
        range = ", \(Self.time(first)) to \(Self.time(last))"
      }
      let what =
        [.read, .notReached].contains(outcome) ? outcome.words : "skipped \(outcome.words)"
      lines.append("\(numbers)\(range): \(what)")
      next += run.count
    }
    return lines
  }

  private static func time(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension SQLStatement {
  /// The SQL, followed by the values bound to its parameters.
  var description: String {
    let values = bindings.enumerated().map { index, value in
      "-- ?\(index + 1) = \(value.description)"
    }
    return ([text] + values).joined(separator: "\n")
  }
}

extension Value {
  fileprivate var description: String {
    switch self {
    case .null: "NULL"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text), .wide(let text): "'\(text)'"
    }
  }
}
