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

    var isAll: Bool { if case .all = self { true } else { false } }
  }

  var request: ScanRequest {
    var request = base
    request.conditions = stages[0].conditions
    request.computed = stages[0].computed
    request.output = stages[0].output
    request.stages = Array(stages.dropFirst())
    while request.stages.last?.isEmpty == true { request.stages.removeLast() }
    return request
  }

  /// The parts of the request that come from the relation: time range and log groups.
  private let base: ScanRequest
  /// The request's own conditions, columns and output as a first stage, then its stages.
  private var stages = [ScanRequest.Stage()]
  /// The scan's part of each node, by its number counted from the scan.
  private var shares: [Share]

  private let capabilities: ScanCapabilities
  private var translator: ScanTranslator
  /// Whether the scan returns exactly the rows of the plan at this node.
  private var isExact = true
  /// Whether the last stage has its output, so that a further node needs another stage.
  private var isClosed = false
  /// The node of that output, if it is a limit.
  private var limitNode: Int?
  private var sortKeys: [SortKey] = []
  /// The sort keys, with the stage that they refer to; the keys are `nil` if the scan cannot
  /// compute them.
  private var order: (keys: [ScanRequest.OrderKey]?, stage: Int) = ([], 0)
  /// Whether the columns of the order still exist under their names.
  private var isOrderNamed = true
  private var tieBreakers: [TieBreaker]
  private let relation: String
  private let optimizations: ScanOptimizations
  /// The operations that SQL performs, from the bottom up, with the reasons.
  private(set) var ownWork: [String] = []

  /// Corresponds to the tie breakers of `SQLGenerator`.
  private struct TieBreaker {
    var column: PlanColumn
    var isGroupKey = false
  }

  func share(ofNode number: Int) -> Share {
    shares.indices.contains(number) ? shares[number] : .none
  }

  /// Returns `nil` for a relation that no scan reads, or if no operation may be passed to scans.
  init?(_ plan: Plan, capabilities: ScanCapabilities, optimizations: ScanOptimizations) {
    guard !optimizations.isDisjoint(with: .pushdowns) else { return nil }
    self.optimizations = optimizations
    self.capabilities = capabilities
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
    relation = scan.relation.name
    tieBreakers = scan.relation.tieBreakers.map { TieBreaker(column: $0) }
    base = ScanRequest(timeRange: scan.timeRange, logGroups: scan.logGroups)
    translator = ScanTranslator(capabilities, over: base, of: relation)
    shares = Array(repeating: .none, count: nodes.count)
    shares[0] = .all
    for (index, node) in nodes.enumerated().dropFirst() {
      guard add(node, at: index) else {
        let rest = nodes[index...].dropFirst()
        leaveOutSmallGroups(above: rest)
        report(of: rest)
        break
      }
      stages[stages.count - 1].computed = translator.computed
    }
    stages[stages.count - 1].computed = translator.computed
  }

  /// Ensures that a node can be added after the output of the last stage; returns false if it
  /// cannot.
  private mutating func open() -> Bool {
    guard isClosed else { return true }
    guard capabilities.hasStages, isExact else { return false }
    stages[stages.count - 1].computed = translator.computed
    // The following nodes need exactly these rows, so SQL must not apply the limit again.
    if let limitNode { shares[limitNode] = .all }
    // Groups have only the columns that the scan returns.
    let isGrouped = if case .groups = stages[stages.count - 1].output { true } else { false }
    translator = ScanTranslator(
      capabilities, over: request, of: relation, isStage: true,
      unknown: isGrouped ? [] : translator.unknown)
    stages.append(ScanRequest.Stage())
    isClosed = false
    limitNode = nil
    return true
  }

  /// Sets the output of the last stage, unless the scan does not support it.
  private mutating func close(
    _ node: Plan, with output: ScanRequest.Output, _ firsts: ScanRequest.Stage.Firsts? = nil
  ) -> Bool {
    let last = stages.count - 1
    stages[last].computed = translator.computed
    stages[last].output = output
    stages[last].firsts = firsts
    if let reason = capabilities.refusal(request, relation) {
      stages[last].output = .rows(order: [], limit: nil)
      stages[last].firsts = nil
      ownWork.append("\(node.ownLine): \(reason)")
      return false
    }
    isClosed = true
    return true
  }

  /// Adds a node; returns false if the scan's part ends here.
  private mutating func add(_ node: Plan, at index: Int) -> Bool {
    switch node {
    case .scan, .project: return false
    case .filter(_, let condition):
      guard open() else { return leave(node) }
      var kept: [BoundExpression] = []
      for part in condition.conjuncts {
        if optimizations.contains(.conditions), let expression = translator.expression(for: part) {
          stages[stages.count - 1].conditions.append(expression)
        } else {
          kept.append(part)
          ownWork.append("filter \(part): \(translator.refusal)")
        }
      }
      shares[index] = kept.isEmpty ? .all : .allBut(kept)
      if !kept.isEmpty { isExact = false }
    case .extend(_, let columns):
      guard open() else { return leave(node) }
      var defined: Set<String> = []
      for column in columns
      where translator.define(
        column.column.name, as: column.expression,
        isAllowed: optimizations.contains(.computedColumns))
      {
        defined.insert(column.column.name)
      }
      for column in columns where !defined.contains(column.column.name) {
        if case .column = column.expression { continue }
        ownWork.append("\(column.column.name) = \(column.expression): \(translator.refusal)")
      }
      shares[index] = .columns(defined)
      if columns.contains(where: { column in
        sortKeys.contains { $0.column.name == column.column.name }
      }) {
        isOrderNamed = false
      }
    case .sort(_, let keys):
      guard open() else { return leave(node) }
      sortKeys = keys
      isOrderNamed = true
      order = (orderKeys(), stages.count - 1)
    case .limit(_, let count):
      guard open() else { return leave(node) }
      guard isExact, optimizations.contains(.firstRows), let order = currentOrder() else {
        ownWork.append(
          "limit \(count): " + (isExact ? "the order is found here" : "rows are filtered here"))
        return false
      }
      limitNode = index
      return close(node, with: .rows(order: order, limit: count)) && capabilities.hasStages
    case .aggregate(_, let keys, let aggregates):
      guard open() else { return leave(node) }
      guard isExact, optimizations.contains(.groups), let groups = groups(keys, aggregates) else {
        ownWork.append(
          "\(node.ownLine): " + (isExact ? translator.refusal : "rows are filtered here"))
        return false
      }
      guard close(node, with: groups) else { return false }
      shares[index] = .all
      sortKeys = []
      order = (nil, stages.count)
      tieBreakers = keys.map { TieBreaker(column: $0.column, isGroupKey: true) }
      return capabilities.hasStages
    case .deduplicate(_, let columns):
      guard capabilities.hasStages else { return leave(node) }
      // The scan itself does not select first rows.
      if stages.count == 1 { isClosed = true }
      guard open() else { return leave(node) }
      var keys: [ScanExpression] = []
      for column in columns {
        guard let key = translator.expression(for: .column(column)) else { break }
        keys.append(key)
      }
      guard isExact, keys.count == columns.count, let order = currentOrder() else {
        ownWork.append(
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
    case .window, .unnest, .total, .fill, .join: return leave(node)
    }
    return true
  }

  /// Records that SQL performs a node; returns false.
  private mutating func leave(_ node: Plan) -> Bool {
    let isOver = isClosed && !capabilities.hasStages
    if isOver {
      report(of: [node])
    } else {
      ownWork.append("\(node.ownLine): scans do not do that")
    }
    return false
  }

  /// Records that SQL performs nodes because they are above the end of the scan's part.
  private mutating func report(of nodes: ArraySlice<Plan>) {
    let isGrouped = stages.contains { if case .groups = $0.output { true } else { false } }
    for node in nodes {
      if case .project = node { continue }
      ownWork.append(
        "\(node.ownLine): of the \(isGrouped ? "groups" : "rows") that come from the scan")
    }
  }

  /// Lets the scan drop groups that filters above the aggregation would drop by their row count.
  private mutating func leaveOutSmallGroups(above nodes: ArraySlice<Plan>) {
    guard stages.count == 1, case .groups(let keys, let aggregates, _) = stages[0].output else {
      return
    }
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
    stages[0].output = .groups(keys: keys, aggregates: aggregates, leastRowCount: least)
  }

  /// Returns the order of the rows in terms of the last stage; `nil` if the scan cannot compute it.
  private mutating func currentOrder() -> [ScanRequest.OrderKey]? {
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
