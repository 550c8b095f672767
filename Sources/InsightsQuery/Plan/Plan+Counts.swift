internal import InsightsModel

extension Plan {
  /// A plan that counts the rows which this one's filters leave, before any limit or aggregation.
  public var matchedCount: Plan { countedInput(isMatched: \.isOfSingleRows) }

  /// Plans that each count the rows in the time range and the log groups of one scan.
  public var scannedCounts: [Plan] {
    scans.map { Plan.scan($0).countedInput { _ in true } }
  }

  /// Plans that each give the log groups, one a row, that have rows in the time range of one scan.
  public var scannedLogGroups: [Plan] {
    scans.compactMap { scan in
      guard let log = scan.relation.column(named: "@log") else { return nil }
      let key = NamedExpression(column: log, expression: .column(log))
      return .project(.aggregate(.scan(scan), keys: [key], aggregates: []), [log])
    }
  }

  /// A plan that adds up the bytes of the messages that this one reads, in one row.
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
      // Both have one row: everything agrees.
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

  /// Whether each row is a row of the relation, and none is left out but by filters.
  private var isOfSingleRows: Bool {
    switch self {
    case .scan: true
    case .filter(let input, _), .extend(let input, _), .sort(let input, _), .window(let input, _):
      input.isOfSingleRows
    case .aggregate, .limit, .deduplicate, .project, .unnest, .total, .fill, .join: false
    }
  }

  /// Counts the rows of the first node, from the top, that is chosen; a scan ends the search.
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
