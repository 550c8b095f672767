internal import InsightsModel

extension Plan {
  /// A plan that counts the rows that pass this one's filters, before any limit or aggregation.
  public var matchedCount: Plan { countedInput(isMatched: \.isOfSingleRows) }

  /// Plans that each count the rows in the time range and the log groups of one scan.
  public var scannedCounts: [Plan] {
    scans.map { Plan.scan($0).countedInput { _ in true } }
  }

  /// Plans that each return the log groups, one per row, with rows in the time range of one scan.
  public var scannedLogGroups: [Plan] {
    scans.compactMap { scan in
      guard let log = scan.relation.column(named: "@log") else { return nil }
      let key = NamedExpression(column: log, expression: .column(log))
      return .project(.aggregate(.scan(scan), keys: [key], aggregates: []), [log])
    }
  }

  /// Returns a plan with one row: the total size in bytes of the messages that this plan reads.
  public func scannedBytes(as column: PlanColumn) -> Plan {
    var plan: Plan?
    for (index, scan) in scans.filter({ $0.relation == .events }).enumerated() {
      let part = PlanColumn("\(column.name):\(index)", .number)
      let bytes = Plan.aggregate(
        .scan(scan), keys: [], aggregates: [NamedExpression(column: part, expression: Self.bytes)])
      guard let sum = plan else {
        plan = .extend(bytes, [NamedExpression(column: column, expression: .column(part))])
        continue
      }
      // Both sides have one row, so the key is constant.
      let always = Join.Key(left: .literal(.integer(1)), right: .literal(.integer(1)))
      plan = .extend(
        .join(
          sum,
          Join(
            right: bytes, isOuter: true, keys: [always],
            naming: .added([Join.AddedColumn(part, from: part)]))),
        [
          NamedExpression(
            column: column,
            expression: BoundExpression.column(column).calling(
              .plus, .call(.coalesce, [.column(part), .literal(.integer(0))])))
        ])
    }
    let nothing = NamedExpression(column: column, expression: .literal(.integer(0)))
    return plan ?? .extend(.aggregate(self, keys: [], aggregates: []), [nothing])
  }

  private static let bytes = BoundExpression.call(
    .sum, [.call(.byteCount, [.column(PlanColumn("@message", .text))])])

  /// Whether each row is a row of the relation, dropped only by filters.
  private var isOfSingleRows: Bool {
    switch self {
    case .scan: true
    case .filter(let input, _), .extend(let input, _), .sort(let input, _), .window(let input, _):
      input.isOfSingleRows
    case .aggregate, .limit, .deduplicate, .project, .unnest, .total, .fill, .join: false
    }
  }

  /// Counts the rows of the first node, from the top, that matches; a scan ends the search.
  private func countedInput(isMatched: (Plan) -> Bool) -> Plan {
    guard !isMatched(self), let input else {
      let count = PlanColumn("count", .number, isComputed: true)
      return .project(
        .aggregate(
          self, keys: [],
          aggregates: [NamedExpression(column: count, expression: .call(.rowCount, []))]),
        [count])
    }
    return input.countedInput(isMatched: isMatched)
  }
}
