internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// A limit: the scan keeps the first rows of an order that it can compute.
  mutating func addLimit(_ count: Int, _ node: Plan, at index: Int) -> Bool {
    guard open() else { return keep(node) }
    guard isExact, optimizations.contains(.firstRows), let order = currentOrder() else {
      localSteps.append(
        "limit \(count): " + (isExact ? "the order is found here" : "rows are filtered here"))
      return false
    }
    limitNode = index
    guard close(node, with: .rows(order: order, limit: count), pendingFirsts?.value) else {
      return false
    }
    if let firsts = pendingFirsts { shares[firsts.node] = .all }
    return capabilities.hasStages
  }
}
