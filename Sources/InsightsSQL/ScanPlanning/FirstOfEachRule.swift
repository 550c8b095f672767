internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// `dedup`: a scan with stages keeps the first row for each combination of values.
  mutating func addFirstOfEach(_ columns: [PlanColumn], _ node: Plan, at index: Int) -> Bool {
    guard capabilities.hasStages else { return keep(node) }
    // The scan itself does not select first rows.
    if stages.count == 1 { isClosed = true }
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
    // Columns that were computed before remain available.
    guard
      close(
        node, with: .rows(order: [], limit: nil),
        ScanRequest.Stage.Firsts(keys: keys, order: order))
    else { return false }
    shares[index] = .all
    return true
  }
}
