internal import InsightsModel

/// `stats` computes aggregates over all rows or per group; afterwards only its results exist.
public struct StatsCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "stats",
    synopsis:
      "stats <aggregate> [as <name>], … [[group] by <key> [as <name>], … [offset <period>]]",
    summary: "Aggregates events, in all or per group.",
    examples: [
      "stats count(*) by bin(5m)",
      "filter @type = \"REPORT\" | stats avg(@duration), pct(@duration, 99) as p99 by @log",
    ])

  /// The maximum number of `stats` in one query.
  static let countLimit = 10

  public static let traits = CommandTraits(.aggregates)

  public let span: SourceSpan
  private let results: [Projection]
  private let keys: [Projection]
  /// The offset of the periods of `bin`.
  private let offset: Expression?

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let results = parser.parseList(of: { $0.parseProjection() }) else { return nil }
    self.results = results
    // AWS's guide for Lambda writes `group by`.
    if parser.current.isKeyword("group"), parser.next.isKeyword("by") { parser.advance() }
    if parser.takeKeyword("by") {
      guard let keys = parser.parseList(of: { $0.parseProjection() }) else { return nil }
      self.keys = keys
      if parser.takeKeyword("offset") {
        guard let offset = parser.parseExpression() else { return nil }
        self.offset = offset
      } else {
        offset = nil
      }
    } else {
      keys = []
      offset = nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public var aggregation: Aggregation? { Aggregation(keys: keys, results: results) }

  /// Removes projections that repeat an earlier one, name and expression.
  private static func unrepeated(_ projections: [Projection]) -> [Projection] {
    projections.enumerated().filter { index, projection in
      !projections[..<index].contains { $0.isSame(as: projection) }
    }.map(\.element)
  }

  public func bind(in binder: inout Binder) {
    let diagnosticCount = binder.diagnostics.count
    let (keys, results) = (Self.unrepeated(keys), Self.unrepeated(results))
    var outputs: [PlanColumn] = []
    for projection in keys + results {
      if outputs.contains(where: { $0.name == projection.name }) {
        binder.reportDefinedTwice(
          projection.name, at: projection.alias?.span ?? projection.expression.span)
      }
      outputs.append(PlanColumn(projection.name, .any))
    }

    var boundKeys: [NamedExpression] = []
    bindOffset(in: &binder)
    defer { binder.binOffset = 0 }
    for key in keys {
      guard let expression = binder.bind(key.expression),
        binder.checkSingleValue(expression, at: key.expression.span, for: "stats")
      else { continue }
      let column = binder.column(named: key.name, for: expression)
      boundKeys.append(NamedExpression(column: column, expression: expression))
      binder.countOperations(of: boundKeys[boundKeys.count - 1])
    }

    var collector = AggregateCollector(keys: boundKeys.map(\.column))
    var computed: [NamedExpression] = []
    var boundResults: [PlanColumn] = []
    for result in results {
      if let alias = result.alias,
        result.expression.names.contains(where: { $0.value == alias.value })
      {
        binder.report(
          "cyclic-alias", "alias '\(alias.value)' is computed from a field of the same name",
          at: alias.span, notes: ["CloudWatch says: Cycle found in operation dependency graph"],
          help: ["choose another name"])
        continue
      }
      guard
        let expression = binder.bind(result.expression, collecting: &collector, named: result.name)
      else { continue }
      if case .column(let column) = expression, column.name == result.name {
        boundResults.append(column)
      } else {
        let column = PlanColumn(result.name, expression.type, isComputed: true)
        computed.append(NamedExpression(column: column, expression: expression))
        binder.countOperations(of: computed[computed.count - 1])
        boundResults.append(column)
      }
      if let column = boundResults.last { collector.siblings.append(column) }
    }
    guard !binder.diagnostics[diagnosticCount...].contains(where: { $0.severity == .error }) else {
      // Later commands are checked against the intended names.
      binder.replaceScope(with: outputs)
      return
    }
    binder.aggregate(
      keys: boundKeys, aggregates: collector.aggregates, computed: computed, results: boundResults,
      span: span)
  }

  public var expressions: [Expression] { (results + keys).map(\.expression) }
  private func bindOffset(in binder: inout Binder) {
    guard let offset, let period = offset.period(in: &binder, isCapped: false) else { return }
    guard let unit = period.unit.fixedMilliseconds else {
      binder.report(
        "offset-unit", "an offset cannot be in months, quarters or years", at: offset.span,
        help: ["units: ms, s, m, h, d, w"])
      return
    }
    let hasBin = keys.contains {
      if case .call(let name, _, _) = $0.expression {
        name.value.lowercased() == "bin"
      } else {
        false
      }
    }
    guard hasBin else {
      binder.report(
        "offset-without-bin", "'offset' moves the periods of 'bin', and there is none",
        at: offset.span, help: ["stats count(*) by bin(1h) offset 30m"])
      return
    }
    binder.binOffset = unit * period.count
  }

  public var description: String {
    "stats " + results.map(\.description).joined(separator: ", ")
      + (keys.isEmpty ? "" : " by " + keys.map(\.description).joined(separator: ", "))
      + (offset.map { " offset \($0)" } ?? "")
  }
}

/// Collects the aggregate calls in the expressions of one `stats`.
struct AggregateCollector {
  let keys: [PlanColumn]
  /// The results before the one being bound, which it may use.
  var siblings: [PlanColumn] = []
  private(set) var aggregates: [NamedExpression] = []
  /// The names of the aggregates, and how often each was requested.
  private var nameCounts: [String: Int] = [:]

  init(keys: [PlanColumn]) {
    self.keys = keys
  }

  /// Returns the column of the aggregate; equal ones are shared unless the name is prescribed.
  mutating func column(for call: BoundExpression, name: String, isResult: Bool) -> PlanColumn {
    if !isResult, let same = aggregates.first(where: { $0.expression == call }) {
      return same.column
    }
    // An aggregate inside an expression is named by its text, which no field has by accident.
    var unique = name
    while let count = nameCounts[unique] {
      nameCounts[unique] = count + 1
      unique += String(repeating: "'", count: count)
    }
    nameCounts[unique] = 1
    let column = PlanColumn(unique, call.type, isComputed: true)
    aggregates.append(NamedExpression(column: column, expression: call))
    return column
  }
}
