internal import InsightsModel

extension Plan {
  /// A plan that counts the rows which this one's filters leave, before any limit or aggregation.
  public var matchedCount: Plan { countedInput(isMatched: \.isOfSingleRows) }

  /// Plans that each count the rows in the time range and the log groups of one scan.
  public var scannedCounts: [Plan] {
    scans.map { Plan.scan($0).countedInput { _ in true } }
  }

  /// Whether each row is a row of the relation, and none is left out but by filters.
  private var isOfSingleRows: Bool {
    switch self {
    case .scan: true
    case .filter(let input, _), .extend(let input, _), .sort(let input, _), .window(let input, _):
      input.isOfSingleRows
    case .aggregate, .limit, .deduplicate, .project, .unnest, .total, .fill, .join: false
    }
  }

  /// Counts the rows of the first node, from the top, that is chosen; a scan ends the search.
  private func countedInput(isMatched: (Plan) -> Bool) -> Plan {
    guard !isMatched(self), let input else {
      let count = PlanColumn("count", .number, isComputed: true)
      let callee = BoundExpression.Callee(
        name: "count", type: .number, sql: "count(*)", isAggregate: true)
      return .project(
        .aggregate(
          self, keys: [],
          aggregates: [NamedExpression(column: count, expression: .call(callee, []))]),
        [count])
    }
    return input.countedInput(isMatched: isMatched)
  }
}
