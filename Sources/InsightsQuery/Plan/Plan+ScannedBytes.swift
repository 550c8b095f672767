internal import InsightsModel

extension Plan {
  /// The column of `scannedBytes`.
  static let scannedBytesColumn = PlanColumn("estimatedBytesScanned", .number, isComputed: true)

  /// A plan that adds up the bytes of the messages that this one reads, each time it reads them.
  ///
  /// CloudWatch bills the events of the log groups and the time range; filters take nothing off.
  public var scannedBytes: Plan {
    let sums = scans.filter { $0.relation == .events }.map { scan -> Plan in
      let message = BoundExpression.column(PlanColumn("@message", .text))
        .calling("byteCount", as: .number, sql: "length(CAST({0} AS BLOB))")
      return .aggregate(
        .scan(scan), keys: [],
        aggregates: [
          NamedExpression(
            column: Self.scannedBytesColumn,
            expression: .call(
              BoundExpression.Callee(
                name: "sum", type: .number, sql: "sum({0})", isAggregate: true), [message]))
        ])
    }
    guard var plan = sums.first else {
      return .extend(
        .limit(self, 1),
        [NamedExpression(column: Self.scannedBytesColumn, expression: .literal(.integer(0)))])
    }
    // One row each, put side by side and added up.
    for (index, other) in sums.dropFirst().enumerated() {
      let part = Self.scannedBytesColumn.renamed("\(Self.scannedBytesColumn.name)'\(index)")
      let named = Plan.extend(
        other, [NamedExpression(column: part, expression: .column(Self.scannedBytesColumn))])
      plan = .extend(
        .join(
          plan, named,
          Join(
            kind: .left, condition: .position(limit: 1), qualifiers: nil, rightColumns: [part])),
        [
          NamedExpression(
            column: Self.scannedBytesColumn,
            expression: BoundExpression.column(Self.scannedBytesColumn)
              .calling("+", .column(part), as: .number, sql: "({0} + ifnull({1}, 0))"))
        ])
    }
    return plan
  }

  /// Everything that is read, subqueries included.
  private var scans: [Scan] {
    var scans = input?.scans ?? []
    switch self {
    case .scan(let scan): scans.append(scan)
    case .join(_, let right, _): scans += right.scans
    case .filter(_, let condition): scans += condition.scans
    case .extend(_, let columns): scans += columns.flatMap { $0.expression.scans }
    default: break
    }
    return scans
  }
}

extension BoundExpression {
  fileprivate var scans: [Scan] {
    switch self {
    case .subquery(let operand, let plan): operand.scans + plan.allScans
    case .call(_, let arguments), .lookup(_, let arguments): arguments.flatMap(\.scans)
    case .membership(let operand, _): operand.scans
    case .literal, .column: []
    }
  }
}

extension Plan {
  fileprivate var allScans: [Scan] { scans }
}
