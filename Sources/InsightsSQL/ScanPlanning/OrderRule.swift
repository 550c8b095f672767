internal import InsightsModel
internal import InsightsQuery

extension ScanPlanner {
  /// The order of rows: it matters to the scan only for a limit, or for first rows, above it.
  mutating func addSort(_ keys: [SortKey], _ node: Plan) -> Bool {
    guard open() else { return keep(node) }
    sortKeys = keys
    isOrderNamed = true
    order = (orderKeys(), stages.count - 1)
    return true
  }

  /// Returns the order of the rows in terms of the last stage; `nil` if the scan cannot compute it.
  mutating func currentOrder() -> [ScanRequest.OrderKey]? {
    if order.stage < stages.count - 1, order.keys != nil {
      order = (isOrderNamed ? orderKeys() : nil, stages.count - 1)
    }
    return order.keys
  }

  /// Returns the scan's order, equal to that of the SQL generator; `nil` if the scan cannot compute
  /// a key, or if the rows have no order.
  private mutating func orderKeys() -> [ScanRequest.OrderKey]? {
    guard let last = sortKeys.last else { return nil }
    var result: [ScanRequest.OrderKey] = []
    func key(
      _ column: PlanColumn, _ isDescending: Bool, isNatural: Bool,
      _ translator: inout ScanTranslator
    ) -> ScanRequest.OrderKey? {
      translator.expression(for: .column(column)).map {
        ScanRequest.OrderKey(expression: $0, isDescending: isDescending, isNatural: isNatural)
      }
    }
    let ties = tieBreakers.filter { tie in !sortKeys.contains { $0.column.name == tie.column.name }
    }
    for (column, isDescending) in sortKeys.map({ ($0.column, $0.isDescending) })
      + ties.map({ ($0.column, last.isDescending) })
    {
      let isNatural = !column.isOrderedBySQL
      guard let key = key(column, isDescending, isNatural: isNatural, &translator) else {
        return nil
      }
      result.append(key)
    }
    // Equal keys of groups may still be a number and a text.
    for tie in tieBreakers where tie.isGroupKey && !tie.column.isOrderedBySQL {
      guard let key = key(tie.column, false, isNatural: false, &translator) else { return nil }
      result.append(key)
    }
    return result
  }
}

extension PlanColumn {
  /// Whether SQL's own order is the language's; otherwise a sort key is needed.
  var isOrderedBySQL: Bool {
    [.number, .boolean, .timestamp].contains(type) || name == "@eventId"
      || name.hasSuffix(".@eventId")
  }
}
