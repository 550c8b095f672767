internal import InsightsModel
internal import InsightsQuery

/// Divides a plan between a scan and SQL: bottom-up, the scan gets what it can do exactly.
///
/// A condition that it cannot evaluate stays in SQL, and then so do the order, the limit and the
/// aggregation above it, which would otherwise see other rows. The rules are extensions, one file for
/// each kind of node; they share the state here.
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
    request.firsts = stages[0].firsts
    request.output = stages[0].output
    request.stages = Array(stages.dropFirst())
    while request.stages.last?.isEmpty == true { request.stages.removeLast() }
    return request
  }

  /// The parts of the request that come from the relation: time range and log groups.
  private let base: ScanRequest
  /// The request's own conditions, columns and output as a first stage, then its stages.
  var stages = [ScanRequest.Stage()]
  /// The scan's part of each node, by its number counted from the scan.
  var shares: [Share]

  let capabilities: ScanCapabilities
  var translator: ScanTranslator
  /// Whether the scan returns exactly the rows of the plan at this node.
  var isExact = true
  /// Whether the last stage has its output, so that a further node needs another stage.
  var isClosed = false
  /// The node of that output, if it is a limit.
  var limitNode: Int?
  var sortKeys: [SortKey] = []
  /// A selection of first rows, with its node, which the scan performs together with the limit that
  /// must follow.
  var pendingFirsts: (value: ScanRequest.Stage.Firsts, node: Int)?
  /// The sort keys, with the stage that they refer to; the keys are `nil` if the scan cannot
  /// compute them.
  var order: (keys: [ScanRequest.OrderKey]?, stage: Int) = ([], 0)
  /// Whether the columns of the order still exist under their names.
  var isOrderNamed = true
  var tieBreakers: [TieBreaker]
  private let relation: String
  let optimizations: ScanOptimizations
  /// The operations that SQL performs, from the bottom up, with the reasons.
  var localSteps: [String] = []

  /// Corresponds to the tie breakers of `SQLGenerator`.
  struct TieBreaker {
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
        if let firsts = pendingFirsts, !share(ofNode: firsts.node).isAll {
          localSteps.insert("\(nodes[firsts.node].ownLine): without a limit", at: 0)
        }
        let rest = nodes[index...].dropFirst()
        dropSmallGroups(above: rest)
        report(of: rest)
        break
      }
      stages[stages.count - 1].computed = translator.computed
    }
    stages[stages.count - 1].computed = translator.computed
  }

  /// Ensures that a node can be added after the output of the last stage; returns false if it
  /// cannot.
  mutating func open() -> Bool {
    guard isClosed else { return true }
    guard capabilities.hasStages, isExact else { return false }
    stages[stages.count - 1].computed = translator.computed
    // The following nodes need exactly these rows, so SQL must not apply the limit again.
    if let limitNode { shares[limitNode] = .all }
    // Groups have only the columns that the scan returns.
    let isGrouped = if case .groups = stages[stages.count - 1].output { true } else { false }
    translator = ScanTranslator(
      capabilities, over: request, of: relation, isStage: true,
      unknown: isGrouped ? [] : translator.unknown,
      readFields: isGrouped ? [] : translator.readFields)
    stages.append(ScanRequest.Stage())
    isClosed = false
    limitNode = nil
    return true
  }

  /// Sets the output of the last stage, unless the scan does not support it.
  mutating func close(
    _ node: Plan, with output: ScanRequest.Output, _ firsts: ScanRequest.Stage.Firsts? = nil
  ) -> Bool {
    let last = stages.count - 1
    stages[last].computed = translator.computed
    stages[last].output = output
    stages[last].firsts = firsts
    if let reason = capabilities.refusal(request, relation) {
      stages[last].output = .rows(order: [], limit: nil)
      stages[last].firsts = nil
      localSteps.append("\(node.ownLine): \(reason)")
      return false
    }
    isClosed = true
    return true
  }

  /// Adds a node; returns false if the scan's part ends here.
  private mutating func add(_ node: Plan, at index: Int) -> Bool {
    switch node {
    case .limit(_, let count): addLimit(count, node, at: index)
    case .scan, .project: false
    case _ where pendingFirsts != nil: keep(node)
    case .filter(_, let condition): addFilter(condition, node, at: index)
    case .extend(_, let columns): addColumns(columns, node, at: index)
    case .sort(_, let keys): addSort(keys, node)
    case .aggregate(_, let keys, let aggregates): addGroups(keys, aggregates, node, at: index)
    case .deduplicate(_, let columns): addFirstOfEach(columns, node, at: index)
    case .window, .unnest, .total, .fill, .join: keep(node)
    }
  }

  /// Records that SQL performs a node; returns false.
  mutating func keep(_ node: Plan) -> Bool {
    let isOver = isClosed && !capabilities.hasStages
    if isOver {
      report(of: [node])
    } else {
      localSteps.append("\(node.ownLine): scans do not do that")
    }
    return false
  }

  /// Records that SQL performs nodes because they are above the end of the scan's part.
  private mutating func report(of nodes: ArraySlice<Plan>) {
    let isGrouped = stages.contains { if case .groups = $0.output { true } else { false } }
    for node in nodes {
      if case .project = node { continue }
      localSteps.append(
        "\(node.ownLine): of the \(isGrouped ? "groups" : "rows") that come from the scan")
    }
  }
}

extension Plan {
  /// The line that shows the node without what it reads.
  var ownLine: String {
    description.split(separator: "\n").last.map(String.init) ?? ""
  }
}
