internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// Lets the scan drop groups that filters above the aggregation would drop by their row count.
  mutating func dropSmallGroups(above nodes: ArraySlice<Plan>) {
    guard stages.count == 1, case .groups(let keys, let aggregates, _) = stages[0].output else {
      return
    }
    var counts = Set(aggregates.filter { $0.function == .rowCount }.map(\.name))
    var least = 1
    loop: for node in nodes {
      switch node {
      case .extend(_, let columns): counts.subtract(columns.map(\.column.name))
      case .filter(_, let condition):
        for part in condition.conjuncts { least = max(least, part.leastValue(ofAny: counts) ?? 1) }
      default: break loop
      }
    }
    stages[0].output = .groups(keys: keys, aggregates: aggregates, leastRowCount: least)
  }
}

extension BoundExpression {
  /// Returns the least integer of one of the columns for which the comparison can be true; `nil` if
  /// it sets no lower bound.
  fileprivate func leastValue(ofAny columns: Set<String>) -> Int? {
    guard case .call(let function, let arguments, _) = self, arguments.count == 2,
      case .column(let column) = arguments[0], columns.contains(column.name),
      case .literal(.integer(let number)) = arguments[1], (0...1_000_000).contains(number)
    else { return nil }
    switch function {
    case .greater: return Int(number) + 1
    case .greaterOrEqual, .equal: return Int(number)
    default: return nil
    }
  }
}
