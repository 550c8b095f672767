internal import InsightsModel

extension Plan {
  /// A plan that counts the rows that pass this one's filters, before any limit or aggregation;
  /// `nil` if there is nothing to count, as all rows of the only scan pass.
  public var matchedCount: Plan? {
    let rows = singleRows
    if scans.count == 1, !rows.hasFilter { return nil }
    let count = PlanColumn("count", .number, isComputed: true)
    return .project(.aggregate(rows, keys: [], aggregates: [Self.rowCount(as: count)]), [count])
  }

  /// Plans that each return what one scan has in its time range and log groups, by log group.
  ///
  /// The columns: the name of the group with its account, which derived rows may lack; the number of
  /// rows; the size of their messages in bytes, 0 for derived rows.
  public var scannedRows: [Plan] {
    scans.map { scan in
      let log = PlanColumn("log", .text)
      let count = PlanColumn("count", .number, isComputed: true)
      let bytes = PlanColumn("bytes", .number)
      let isOfEvents = scan.relation == .events
      var plan = Plan.scan(scan)
      var keys: [NamedExpression] = []
      if let name = scan.relation.column(named: "@log") {
        keys = [NamedExpression(column: log, expression: .column(name))]
      }
      let size = NamedExpression(column: bytes, expression: Self.bytes)
      plan = .aggregate(
        plan, keys: keys, aggregates: [Self.rowCount(as: count)] + (isOfEvents ? [size] : []))
      var missing: [NamedExpression] = []
      if keys.isEmpty { missing.append(NamedExpression(column: log, expression: .literal(.null))) }
      if !isOfEvents {
        missing.append(NamedExpression(column: bytes, expression: .literal(.integer(0))))
      }
      if !missing.isEmpty { plan = .extend(plan, missing) }
      return .project(plan, [log, count, bytes])
    }
  }

  /// Returns the plan with the time ranges of its events limited to the times that events have.
  ///
  /// Its rows are the same. Ranges of other scans than the outermost one may stay as they are.
  public func reading(only times: ClosedRange<Int64>) -> Plan {
    switch self {
    case .scan(var scan):
      guard scan.relation == .events else { return self }
      scan.timeRange.start = scan.timeRange.start.map { max($0, times.lowerBound) }
      if let end = scan.timeRange.end, end > times.upperBound, times.upperBound < .max {
        scan.timeRange.end = times.upperBound + 1
      }
      return .scan(scan)
    case .filter(let input, let condition): return .filter(input.reading(only: times), condition)
    case .extend(let input, let columns): return .extend(input.reading(only: times), columns)
    case .aggregate(let input, let keys, let aggregates):
      return .aggregate(input.reading(only: times), keys: keys, aggregates: aggregates)
    case .project(let input, let columns): return .project(input.reading(only: times), columns)
    default: return self
    }
  }

  private static func rowCount(as column: PlanColumn) -> NamedExpression {
    NamedExpression(column: column, expression: .call(.rowCount, []))
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

  /// The first node, from the top, whose rows are single rows of the relation.
  private var singleRows: Plan {
    guard !isOfSingleRows, let input else { return self }
    return input.singleRows
  }

  /// Whether a filter is between a node of single rows and its scan.
  private var hasFilter: Bool {
    if case .filter = self { return true }
    return input?.hasFilter ?? false
  }
}
