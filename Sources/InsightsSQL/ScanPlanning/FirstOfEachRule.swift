internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// `dedup`: the scan keeps the first row for each combination of values.
  ///
  /// A scan with stages does so in a stage of its own, another one together with the limit that
  /// follows.
  mutating func addFirstOfEach(_ columns: [PlanColumn], _ node: Plan, at index: Int) -> Bool {
    guard capabilities.hasFirsts || capabilities.hasStages,
      optimizations.contains(.firstOfEach)
    else { return keep(node) }
    // The first stage of a scan with stages selects no first rows.
    if capabilities.hasStages, stages.count == 1 { isClosed = true }
    guard open() else { return keep(node) }
    var keys: [ScanExpression] = []
    for column in columns {
      guard let key = translator.expression(for: .column(column)) else { break }
      keys.append(key)
    }
    guard isExact, keys.count == columns.count, let order = currentOrder() else {
      localSteps.append(
        "\(node.ownLine): " + (isExact ? "the order is found here" : "rows are filtered here"))
      return false
    }
    let firsts = ScanRequest.Stage.Firsts(keys: keys, order: order)
    guard capabilities.hasStages else {
      pendingFirsts = (firsts, index)
      return true
    }
    // Columns that were computed before remain available.
    guard close(node, with: .rows(order: [], limit: nil), firsts) else { return false }
    shares[index] = .all
    return true
  }
}
