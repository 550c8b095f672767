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
  /// What goes before any sort: a row of totals stays the last one.
  private var pinned: [SortKey] = []
  private var tieBreakers: [TieBreaker] = []
  private var columns: [PlanColumn] = []
  private let aliases: RelationAliases

  public static func generate(_ plan: Plan, for dialect: any Dialect = SQLiteDialect())
    -> SQLStatement
  {
    var generator = SQLGenerator(dialect: dialect, aliases: RelationAliases())
    generator.add(plan)
    return generator.finish()
  }

  /// A query inside an expression, as a block that gives its only column.
  static func subquery(
    _ plan: Plan, for dialect: any Dialect, aliases: RelationAliases
  ) -> (block: SelectBlock, column: SQLFragment) {
    var generator = SQLGenerator(dialect: dialect, aliases: aliases)
    generator.add(plan)
    generator.wrap()
    let column = generator.columns.first.map { generator.block.resolve($0.name) }
    return (generator.block, column ?? SQLFragment(sql: "NULL"))
  }

  private init(dialect: any Dialect, aliases: RelationAliases) {
    self.dialect = dialect
    self.aliases = aliases
    block = SelectBlock(from: .relation(name: "", alias: ""))
  }

  /// What puts rows of equal sort keys in order.
  private struct TieBreaker {
    var column: PlanColumn
    /// Whether it counts upwards even where the last sort key counts downwards.
    var isAlwaysAscending = false

    func renamed(_ name: (String) -> String) -> TieBreaker {
      TieBreaker(column: column.renamed(name(column.name)), isAlwaysAscending: isAlwaysAscending)
    }
  }

  private mutating func add(_ plan: Plan) {
    if let input = plan.input { add(input) }
    switch plan {
    case .scan(let scan): add(scan)
    case .filter(_, let condition):
      if block.limit != nil { wrap() }
      block.conditions += conjuncts(of: condition).map(sql)
    case .extend(_, let columns):
      for column in columns { block.define(column.column.name, as: sql(column.expression)) }
    case .aggregate(_, let keys, let aggregates): aggregate(keys, aggregates)
    case .sort(_, let keys):
      if block.limit != nil { wrap() }
      ordering = pinned + keys
    case .limit(_, let count):
      if block.limit != nil { wrap() }
      block.order = orderClauses
      block.limit = count
    case .deduplicate(_, let columns): deduplicate(columns)
    case .window(_, let columns): window(columns)
    case .unnest(_, let unnesting): unnest(unnesting)
    case .join(_, let right, let join): self.join(right, join)
    case .total(_, let columns): total(columns)
    case .fill(_, let filling): fill(filling)
    case .project(_, let columns): self.columns = columns
    }
  }

  private mutating func add(_ scan: Scan) {
    block = SelectBlock(
      from: .relation(
        name: scan.relation.name, alias: aliases.alias(for: scan.relation.name)))
    tieBreakers = scan.relation.tieBreakers.map { TieBreaker(column: $0) }
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

  // MARK: Nodes

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
    pinned = []
    tieBreakers = keys.map { TieBreaker(column: $0.column) }
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

  private mutating func window(_ columns: [WindowColumn]) {
    if block.isAggregated || block.limit != nil { wrap() }
    for column in columns {
      _ = block.addOutput(window(column), like: column.column.name, planName: column.column.name)
    }
    wrap()
  }

  private func window(_ column: WindowColumn) -> SQLFragment {
    var clauses: [SQLFragment] = []
    if !column.partition.isEmpty {
      let keys = column.partition.map { block.resolve($0.name) }
      clauses.append(SQLFragment(sql: "PARTITION BY ") + keys.joined(", "))
    }
    let order: [SQLFragment] =
      switch column.order {
      case .none: []
      case .ofRows: orderClauses
      case .by(let keys):
        keys.map { orderClause(for: $0.column, isDescending: $0.isDescending) }
          + tieBreakers.map { orderClause(for: $0.column, isDescending: false) }
      }
    if !order.isEmpty {
      clauses.append(
        SQLFragment(sql: "ORDER BY ") + order.joined(", ")
          + SQLFragment(sql: " ROWS UNBOUNDED PRECEDING"))
    }
    return sql(column.call) + SQLFragment(sql: " OVER (") + clauses.joined(" ")
      + SQLFragment(sql: ")")
  }

  private mutating func unnest(_ unnesting: Unnesting) {
    if block.isAggregated || block.limit != nil { wrap() }
    let list = block.addOutput(sql(unnesting.list), like: "list")
    block = SelectBlock(
      from: .unnested(block, list: list, keepsEmpty: unnesting.keepsEmpty))
    block.define(
      unnesting.element.name,
      as: .spelling(dialect.elementSpelling, [SQLFragment(sql: "\"element\"")]))
    // Elements of one row stay in the order of the list.
    let position = PlanColumn("@element:\(tieBreakers.count)", .number)
    block.define(position.name, as: SQLFragment(sql: "\"element\".\"key\""))
    tieBreakers.append(TieBreaker(column: position, isAlwaysAscending: true))
  }

  private mutating func join(_ right: Plan, _ join: Join) {
    var other = SQLGenerator(dialect: dialect, aliases: aliases)
    other.add(right)
    let keys: (left: String, right: String)
    switch join.condition {
    case .equal(let left, let right):
      wrap()
      other.wrap()
      keys = (
        block.addOutput(comparable(block.resolve(left.name)), like: "key"),
        other.block.addOutput(comparable(other.block.resolve(right.name)), like: "key")
      )
    case .position(let limit):
      keys = (numberRows(), other.numberRows())
      let row = SQLFragment.identifier(keys.right)
      other.wrap(keeping: keys.right)
      other.block.conditions.append(row + SQLFragment(sql: " <= ") + .number(Int64(limit)))
    }
    block = SelectBlock(
      from: .joined(
        JoinSource(
          left: block, right: other.block, join: join, leftKey: keys.left, rightKey: keys.right)))
    guard let qualifiers = join.qualifiers else { return }
    ordering = ordering.map {
      SortKey(
        column: $0.column.renamed($0.column.name.qualified(by: qualifiers.left)),
        isDescending: $0.isDescending)
    }
    tieBreakers =
      tieBreakers.map { $0.renamed { $0.qualified(by: qualifiers.left) } }
      + other.tieBreakers.map { $0.renamed { $0.qualified(by: qualifiers.right) } }
  }

  /// Adds the number of each row, from 1, in the order that the rows have.
  private mutating func numberRows() -> String {
    if block.isAggregated || block.limit != nil { wrap() }
    return block.addOutput(
      SQLFragment(sql: "row_number() OVER (ORDER BY ") + orderClauses.joined(", ")
        + SQLFragment(sql: ")"), like: "row")
  }

  /// A value so that equal ones are equal in SQL: numeric text as its number.
  private func comparable(_ value: SQLFragment) -> SQLFragment {
    .spelling(dialect.comparableSpelling, [value])
  }

  private mutating func total(_ columns: [NamedExpression]) {
    if block.limit == nil { block.order = [] }
    let rows = SelectBlock(from: .block(block))
    let total = SelectBlock(from: .block(block))
    let generator = ExpressionGenerator(dialect: dialect, block: total, aliases: aliases)
    for column in columns {
      total.define(column.column.name, as: generator.sql(for: column.expression))
    }
    let place = PlanColumn("@total", .number)
    rows.define(place.name, as: SQLFragment(sql: "0"))
    total.define(place.name, as: SQLFragment(sql: "1"))
    total.aggregate(by: [])
    // Without rows there is nothing to sum up.
    total.conditions.append(SQLFragment(sql: "count(*) > 0"))
    total.hasOnlyDefinedColumns = true
    block = SelectBlock(from: .union(rows, total))
    pinned = [SortKey(column: place, isDescending: false)]
    ordering = pinned + ordering
  }

  private mutating func fill(_ filling: Filling) {
    wrap()
    let next = ExpressionGenerator(
      dialect: dialect, block: block, aliases: aliases,
      substitutes: [filling.bin.name: SQLFragment(sql: "\"start\"")]
    ).sql(for: filling.next)
    block = SelectBlock(from: .filled(FillSource(groups: block, filling: filling, next: next)))
  }

  /// Goes on in a new block that reads from the current one.
  private mutating func wrap() {
    block = SelectBlock(from: .block(block))
  }

  /// As `wrap`, and gives a column that the plan does not know again.
  private mutating func wrap(keeping column: String) {
    wrap()
    _ = block.addOutput(.identifier(column), like: column)
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
      relations: block.relations, lookupTables: block.lookupTables)
  }

  private var orderClauses: [SQLFragment] {
    guard let last = ordering.last else { return [] }
    var clauses = ordering.map { orderClause(for: $0.column, isDescending: $0.isDescending) }
    for breaker in tieBreakers
    where !ordering.contains(where: { $0.column.name == breaker.column.name }) {
      clauses.append(
        orderClause(
          for: breaker.column, isDescending: last.isDescending && !breaker.isAlwaysAscending))
    }
    return clauses
  }

  private func orderClause(for column: PlanColumn, isDescending: Bool) -> SQLFragment {
    var clause = block.resolve(column.name)
    let isOrderedBySQL =
      [.number, .boolean, .timestamp].contains(column.type) || column.name == "@eventId"
    if !isOrderedBySQL { clause = .spelling(dialect.sortKeySpelling, [clause]) }
    return isDescending ? clause + SQLFragment(sql: " DESC") : clause
  }

  private func sql(_ expression: BoundExpression) -> SQLFragment {
    ExpressionGenerator(dialect: dialect, block: block, aliases: aliases).sql(for: expression)
  }

  /// The parts of a condition joined by `and`: one line each reads better, and a store can push them down.
  private func conjuncts(of condition: BoundExpression) -> [BoundExpression] {
    if case .call(let callee, let arguments) = condition, callee.name == "and" {
      return arguments.flatMap(conjuncts)
    }
    return [condition]
  }
}
