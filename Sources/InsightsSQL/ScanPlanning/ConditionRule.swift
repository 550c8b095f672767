internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// Conditions: the scan selects rows by those that it can evaluate.
  mutating func addFilter(_ condition: BoundExpression, _ node: Plan, at index: Int) -> Bool {
    guard open() else { return keep(node) }
    var kept: [BoundExpression] = []
    for part in condition.conjuncts {
      if optimizations.contains(.conditions), let expression = translator.expression(for: part) {
        stages[stages.count - 1].conditions.append(expression)
      } else {
        kept.append(part)
        localSteps.append("filter \(part): \(translator.refusal)")
      }
    }
    shares[index] = kept.isEmpty ? .all : .allBut(kept)
    if !kept.isEmpty { isExact = false }
    return true
  }
}
