internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// An aggregation: the scan returns groups instead of rows.
  mutating func addGroups(
    _ keys: [NamedExpression], _ aggregates: [NamedExpression], _ node: Plan, at index: Int
  ) -> Bool {
    guard open() else { return keep(node) }
    guard isExact, optimizations.contains(.groups), let groups = groups(keys, aggregates) else {
      localSteps.append(
        "\(node.ownLine): " + (isExact ? translator.refusal : "rows are filtered here"))
      return false
    }
    guard close(node, with: groups) else { return false }
    shares[index] = .all
    sortKeys = []
    order = (nil, stages.count)
    tieBreakers = keys.map { TieBreaker(column: $0.column, isGroupKey: true) }
    return capabilities.hasStages
  }

  private mutating func groups(
    _ keys: [NamedExpression], _ aggregates: [NamedExpression]
  ) -> ScanRequest.Output? {
    var columns: [ScanRequest.Column] = []
    for key in keys {
      guard let expression = translator.expression(for: key.expression) else { return nil }
      columns.append(ScanRequest.Column(name: key.column.name, expression: expression))
    }
    var results: [ScanRequest.Aggregate] = []
    for aggregate in aggregates {
      guard
        let result = translator.aggregate(for: aggregate.expression, named: aggregate.column.name)
      else { return nil }
      results.append(result)
    }
    return .groups(keys: columns, aggregates: results)
  }
}
