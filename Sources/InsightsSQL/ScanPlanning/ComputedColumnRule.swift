internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// Computed columns: the scan computes those that it can, for its conditions, keys and output.
  mutating func addColumns(_ columns: [NamedExpression], _ node: Plan, at index: Int) -> Bool {
    guard open() else { return keep(node) }
    var defined: Set<String> = []
    for column in columns
    where translator.define(
      column.column.name, as: column.expression,
      isAllowed: optimizations.contains(.computedColumns))
    {
      defined.insert(column.column.name)
    }
    for column in columns where !defined.contains(column.column.name) {
      if case .column = column.expression { continue }
      localSteps.append("\(column.column.name) = \(column.expression): \(translator.refusal)")
    }
    shares[index] = .columns(defined)
    if columns.contains(where: { column in
      sortKeys.contains { $0.column.name == column.column.name }
    }) {
      isOrderNamed = false
    }
    return true
  }
}
