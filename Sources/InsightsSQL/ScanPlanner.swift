internal import InsightsModel
internal import InsightsQuery

/// Divides a plan between a scan and SQL: bottom-up, the scan gets what it can do exactly.
///
/// A condition that it cannot evaluate stays in SQL, and then so do the order, the limit and the
/// aggregation above it, which would otherwise see other rows.
struct ScanPlanner {
  /// The part of a plan node that the scan does.
  enum Share {
    /// Nothing: SQL does the node.
    case none
    case all
    /// All of a filter except these conditions.
    case allBut([BoundExpression])
    /// These columns of an extension.
    case columns(Set<String>)

    func includes(_ column: PlanColumn) -> Bool {
      if case .columns(let names) = self { names.contains(column.name) } else { false }
    }
  }

  private(set) var request: ScanRequest
  /// The scan's part of each node, by its number counted from the scan.
  private var shares: [Share]

  private var translator: ScanTranslator
  /// Whether the scan returns exactly the rows of the plan at this node.
  private var isExact = true
  private var order: [ScanRequest.OrderKey]? = []
  private let tieBreakers: [PlanColumn]
  private let techniques: ScanTechniques
  /// Why the scan cannot do all of a request; `nil` where it can.
  private let refusal: (ScanRequest) -> String?
  /// The operations that SQL performs, from the bottom up, with the reasons.
  private(set) var ownWork: [String] = []

  func share(ofNode number: Int) -> Share {
    shares.indices.contains(number) ? shares[number] : .none
  }

  /// `nil` for a relation that no scan reads, and where nothing may be asked of it.
  init?(_ plan: Plan, capabilities: ScanCapabilities, techniques: ScanTechniques) {
    guard !techniques.isDisjoint(with: .pushdowns) else { return nil }
    self.techniques = techniques
    var nodes: [Plan] = []
    var next: Plan? = plan
    while let node = next {
      nodes.append(node)
      next = node.input
    }
    guard case .scan(let scan)? = nodes.last,
      capabilities.relations.contains(scan.relation.name)
    else { return nil }
    nodes.reverse()
    refusal = { capabilities.refusal($0, scan.relation.name) }
    tieBreakers = scan.relation.tieBreakers
    request = ScanRequest(timeRange: scan.timeRange, logGroups: scan.logGroups)
    translator = ScanTranslator(capabilities, of: scan.relation.name)
    shares = Array(repeating: .none, count: nodes.count)
    shares[0] = .all
    for (index, node) in nodes.enumerated().dropFirst() {
      guard add(node, at: index) else {
        let rest = nodes[index...].dropFirst()
        leaveOutSmallGroups(above: rest)
        tell(of: rest)
        break
      }
    }
    request.computed = translator.computed
  }

  /// Adds a node; returns false if the scan's part ends here.
  private mutating func add(_ node: Plan, at index: Int) -> Bool {
    switch node {
    case .scan: return false
    case .filter(_, let condition):
      var kept: [BoundExpression] = []
      for part in condition.conjuncts {
        if techniques.contains(.conditions), let expression = translator.expression(for: part) {
          request.conditions.append(expression)
        } else {
          kept.append(part)
          ownWork.append("filter \(part): \(translator.refusal)")
        }
      }
      shares[index] = kept.isEmpty ? .all : .allBut(kept)
      if !kept.isEmpty { isExact = false }
    case .extend(_, let columns):
      var defined: Set<String> = []
      for column in columns
      where translator.define(
        column.column.name, as: column.expression, isAllowed: techniques.contains(.computedColumns))
      {
        defined.insert(column.column.name)
      }
      for column in columns where !defined.contains(column.column.name) {
        if case .column = column.expression { continue }
        ownWork.append("\(column.column.name) = \(column.expression): \(translator.refusal)")
      }
      shares[index] = .columns(defined)
    case .sort(_, let keys): order = orderKeys(keys)
    case .limit(_, let count):
      guard isExact, techniques.contains(.firstRows), let order else {
        ownWork.append(
          "limit \(count): " + (isExact ? "the order is found here" : "rows are filtered here"))
        return false
      }
      request.output = .rows(order: order, limit: count)
      if let reason = refusal(request) {
        request.output = .rows(order: [], limit: nil)
        ownWork.append("limit \(count): \(reason)")
      }
      return false
    case .aggregate(_, let keys, let aggregates):
      guard isExact, techniques.contains(.groups), let groups = groups(keys, aggregates) else {
        ownWork.append(
          "\(node.ownLine): " + (isExact ? translator.refusal : "rows are filtered here"))
        return false
      }
      request.output = groups
      if let reason = refusal(request) {
        request.output = .rows(order: [], limit: nil)
        ownWork.append("\(node.ownLine): \(reason)")
        return false
      }
      shares[index] = .all
      return false
    case .deduplicate, .window, .unnest, .total, .fill, .join:
      ownWork.append("\(node.ownLine): scans give rows and groups only")
      return false
    case .project: return false
    }
    return true
  }

  /// Records that SQL performs nodes because they are above the end of the scan's part.
  private mutating func tell(of nodes: ArraySlice<Plan>) {
    let rows =
      switch request.output {
      case .groups: "the groups"
      case .rows: "the rows"
      }
    for node in nodes {
      if case .project = node { continue }
      ownWork.append("\(node.ownLine): of \(rows) that come from the scan")
    }
  }

  /// Lets the scan drop groups that filters above the aggregation would drop by their row count.
  private mutating func leaveOutSmallGroups(above nodes: ArraySlice<Plan>) {
    guard case .groups(let keys, let aggregates, _) = request.output else { return }
    var counts = Set(aggregates.filter { $0.function == .rowCount }.map(\.name))
    var least = 1
    loop: for node in nodes {
      switch node {
      case .extend(_, let columns): counts.subtract(columns.map(\.column.name))
      case .filter(_, let condition):
        for part in condition.conjuncts { least = max(least, part.leastValue(ofAny: counts) ?? 1) }
      default: break loop
      }
    }
    request.output = .groups(keys: keys, aggregates: aggregates, leastRowCount: least)
  }

  /// Returns the scan's order, equal to that of the SQL generator; `nil` if the scan does not know
  /// a key.
  private mutating func orderKeys(_ keys: [SortKey]) -> [ScanRequest.OrderKey]? {
    guard let last = keys.last else { return [] }
    var result: [ScanRequest.OrderKey] = []
    let ties = tieBreakers.filter { tie in !keys.contains { $0.column.name == tie.name } }
    for (column, isDescending) in keys.map({ ($0.column, $0.isDescending) })
      + ties.map({ ($0, last.isDescending) })
    {
      guard let expression = translator.expression(for: .column(column)) else { return nil }
      result.append(
        ScanRequest.OrderKey(
          expression: expression, isDescending: isDescending,
          isNatural: !column.isOrderedBySQL))
    }
    return result
  }

  private mutating func groups(
    _ keys: [NamedExpression], _ aggregates: [NamedExpression]
  ) -> ScanRequest.Output? {
    var columns: [ScanRequest.Column] = []
    for key in keys {
      guard let expression = translator.expression(for: key.expression) else { return nil }
      columns.append(ScanRequest.Column(name: key.column.name, expression: expression))
    }
    var results: [ScanRequest.Aggregate] = []
    for aggregate in aggregates {
      guard
        let result = translator.aggregate(for: aggregate.expression, named: aggregate.column.name)
      else { return nil }
      results.append(result)
    }
    return .groups(keys: columns, aggregates: results)
  }
}

extension BoundExpression {
  /// Returns the least integer of one of the columns for which the comparison can be true; `nil` if
  /// it sets no lower bound.
  fileprivate func leastValue(ofAny columns: Set<String>) -> Int? {
    guard case .call(let function, let arguments, _) = self, arguments.count == 2,
      case .column(let column) = arguments[0], columns.contains(column.name),
      case .literal(.integer(let number)) = arguments[1], (0...1_000_000).contains(number)
    else { return nil }
    switch function {
    case .greater: return Int(number) + 1
    case .greaterOrEqual, .equal: return Int(number)
    default: return nil
    }
  }
}

extension Plan {
  /// The line that shows the node without what it reads.
  fileprivate var ownLine: String {
    description.split(separator: "\n").last.map(String.init) ?? ""
  }
}

extension PlanColumn {
  /// Whether SQL's own order is the language's; otherwise a sort key is needed.
  var isOrderedBySQL: Bool {
    [.number, .boolean, .timestamp].contains(type) || name == "@eventId"
      || name.hasSuffix(".@eventId")
  }
}
