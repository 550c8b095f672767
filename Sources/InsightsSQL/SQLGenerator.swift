public import InsightsModel
public import InsightsQuery

/// Generates SQL from a plan: one SELECT per block, a new block around the old one where SQL's order
/// of clauses would change the meaning.
///
/// Rows come out in one order only: ties of the plan's sort are broken by the relation's own order,
/// or by the group keys.
public struct SQLGenerator {
  private let dialect: any Dialect
  private var block: SelectBlock
  /// The order that the rows have, from the plan's last `sort`.
  private var ordering: [SortKey] = []
  private var tieBreakers: [PlanColumn] = []
  private var columns: [PlanColumn] = []

  /// What the scan does of each node; empty where SQL does it all.
  private let shares: [ScanPlanner.Share]

  public static func generate(_ plan: Plan, for dialect: any Dialect = SQLiteDialect())
    -> SQLStatement
  {
    var generator = SQLGenerator(dialect: dialect, shares: [])
    _ = generator.add(plan)
    var statement = generator.finish()
    statement.pushdown = pushdown(of: plan, for: dialect)
    return statement
  }

  /// The statement over a scan that does its part of the plan.
  private static func pushdown(of plan: Plan, for dialect: any Dialect) -> SQLPushdown? {
    guard let planner = ScanPlanner(plan) else { return nil }
    var generator = SQLGenerator(dialect: dialect, shares: planner.shares)
    _ = generator.add(plan)
    let statement = generator.finish()
    return statement.relations.first.map {
      SQLPushdown(
        text: statement.text, bindings: statement.bindings, relation: $0, request: planner.request)
    }
  }

  private init(dialect: any Dialect, shares: [ScanPlanner.Share]) {
    self.dialect = dialect
    self.shares = shares
    block = SelectBlock(from: .relation(""))
  }

  /// Adds a node above those that it reads, and gives its number, counted from the scan.
  private mutating func add(_ plan: Plan) -> Int {
    let number = plan.input.map { add($0) + 1 } ?? 0
    let share = shares.indices.contains(number) ? shares[number] : .none
    switch plan {
    case .scan(let scan): add(scan, share)
    case .filter(_, let condition):
      if block.limit != nil { wrap() }
      block.conditions += conditions(of: condition, without: share).map(sql)
    case .extend(_, let columns):
      for column in columns where !share.includes(column.column) {
        block.define(column.column.name, as: sql(column.expression))
      }
    case .aggregate(_, let keys, let aggregates):
      if case .all = share {
        ordering = []
        tieBreakers = keys.map(\.column)
      } else {
        aggregate(keys, aggregates)
      }
    case .sort(_, let keys):
      if block.limit != nil { wrap() }
      ordering = keys
    case .limit(_, let count):
      if block.limit != nil { wrap() }
      block.order = orderClauses
      block.limit = count
    case .deduplicate(_, let columns): deduplicate(columns)
    case .project(_, let columns): self.columns = columns
    }
    return number
  }

  private func conditions(
    of condition: BoundExpression, without share: ScanPlanner.Share
  ) -> [BoundExpression] {
    switch share {
    case .all: []
    case .allBut(let kept): kept
    case .none, .columns: condition.conjuncts
    }
  }

  private mutating func add(_ scan: Scan, _ share: ScanPlanner.Share) {
    block = SelectBlock(from: .relation(scan.relation.name))
    tieBreakers = scan.relation.tieBreakers
    if case .all = share { return }
    let time = block.resolve
    if let start = scan.timeRange.start {
      block.conditions.append(time("@timestamp") + SQLFragment(sql: " >= ") + .number(start))
    }
    if let end = scan.timeRange.end {
      block.conditions.append(time("@timestamp") + SQLFragment(sql: " < ") + .number(end))
    }
    if !scan.logGroups.isEmpty {
      let group = block.resolve(Relation.logGroupColumn)
      let globs = scan.logGroups.map { glob in
        SQLFragment.spelling(dialect.globSpelling, [group, .literal(.text(glob))])
      }
      block.conditions.append(SQLFragment(sql: "(") + globs.joined(" OR ") + SQLFragment(sql: ")"))
    }
  }

  private mutating func aggregate(_ keys: [NamedExpression], _ aggregates: [NamedExpression]) {
    if block.isAggregated || block.limit != nil { wrap() }
    let keyFragments = keys.map { sql($0.expression) }
    let aggregateFragments = aggregates.map { sql($0.expression) }
    block.aggregate(by: keyFragments)
    for (key, fragment) in zip(keys, keyFragments) { block.define(key.column.name, as: fragment) }
    for (aggregate, fragment) in zip(aggregates, aggregateFragments) {
      block.define(aggregate.column.name, as: fragment)
    }
    // Without rows there is no result, not even a count of 0.
    if keys.isEmpty { block.conditions.append(SQLFragment(sql: "count(*) > 0")) }
    ordering = []
    tieBreakers = keys.map(\.column)
  }

  private mutating func deduplicate(_ columns: [PlanColumn]) {
    if block.isAggregated || block.limit != nil { wrap() }
    let keys = columns.map { block.resolve($0.name) }
    let rank = block.addOutput(
      SQLFragment(sql: "row_number() OVER (PARTITION BY ") + keys.joined(", ")
        + SQLFragment(sql: " ORDER BY ") + orderClauses.joined(", ") + SQLFragment(sql: ")"),
      like: "rank")
    wrap()
    let missing = columns.map { block.resolve($0.name) + SQLFragment(sql: " IS NULL") }
    block.conditions.append(
      SQLFragment(sql: "(") + .identifier(rank) + SQLFragment(sql: " = 1 OR ")
        + missing.joined(" OR ") + SQLFragment(sql: ")"))
  }

  /// Goes on in a new block that reads from the current one.
  private mutating func wrap() {
    block = SelectBlock(from: .block(block))
  }

  private mutating func finish() -> SQLStatement {
    if block.limit == nil { block.order = orderClauses }
    for column in columns { _ = block.output(column.name) }
    let (text, bindings) = block.rendered().rendered()
    return SQLStatement(
      text: text, bindings: bindings,
      columns: columns.map {
        ResultColumn(name: $0.name, type: $0.type, isComputed: $0.isComputed)
      },
      relations: block.relations)
  }

  private var orderClauses: [SQLFragment] {
    guard let last = ordering.last else { return [] }
    var clauses = ordering.map { orderClause(for: $0.column, isDescending: $0.isDescending) }
    for column in tieBreakers where !ordering.contains(where: { $0.column.name == column.name }) {
      clauses.append(orderClause(for: column, isDescending: last.isDescending))
    }
    return clauses
  }

  private func orderClause(for column: PlanColumn, isDescending: Bool) -> SQLFragment {
    var clause = block.resolve(column.name)
    if !column.isOrderedBySQL { clause = .spelling(dialect.sortKeySpelling, [clause]) }
    return isDescending ? clause + SQLFragment(sql: " DESC") : clause
  }

  private func sql(_ expression: BoundExpression) -> SQLFragment {
    ExpressionGenerator(dialect: dialect, block: block).sql(for: expression)
  }
}
