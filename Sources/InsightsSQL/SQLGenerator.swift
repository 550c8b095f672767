public import InsightsModel
public import InsightsQuery

/// Generates SQL from a plan: one SELECT per block; a new block encloses the old one if SQL's order
/// of clauses would change the meaning.
///
/// The order of rows is always determined: ties of the plan's sort are broken by the relation's own
/// order, or by the group keys.
public struct SQLGenerator {
  private let dialect: any Dialect
  private let context: StatementContext
  private var block: SelectBlock
  /// The current order of the rows, from the plan's last `sort`.
  private var ordering: [SortKey] = []
  /// Sort keys that precede any sort: a row of totals always comes last.
  private var pinned: [SortKey] = []
  private var tieBreakers: [TieBreaker] = []
  private var columns: [PlanColumn] = []
  /// The column with the filled periods.
  private var filledBin: String?

  /// Determines the scan's part of each node; `nil` if SQL does everything.
  private let planner: ScanPlanner?

  /// Generates the statement of a plan; `capabilities` and `optimizations` limit what it may request
  /// of scans.
  public static func generate(
    _ plan: Plan, for dialect: any Dialect = SQLiteDialect(),
    scanning capabilities: ScanCapabilities = .none, optimizations: ScanOptimizations = .all
  ) -> SQLStatement {
    var statement = statement(
      for: plan, dialect, StatementContext(capabilities: .none, optimizations: .none))
    // The variant over scans that do part of the plan.
    let context = StatementContext(capabilities: capabilities, optimizations: optimizations)
    let smaller = self.statement(for: plan, dialect, context)
    if !context.requests.isEmpty {
      statement.pushdown = SQLPushdown(
        text: smaller.text, bindings: smaller.bindings, relations: smaller.relations,
        requests: context.requests, localSteps: context.localSteps)
    }
    return statement
  }

  private static func statement(
    for plan: Plan, _ dialect: any Dialect, _ context: StatementContext
  ) -> SQLStatement {
    var generator = SQLGenerator(of: plan, dialect: dialect, context: context)
    return generator.finish()
  }

  /// A generator that has processed a plan.
  private init(of plan: Plan, dialect: any Dialect, context: StatementContext) {
    self.dialect = dialect
    self.context = context
    planner = ScanPlanner(
      plan, capabilities: context.capabilities, optimizations: context.optimizations)
    // Every plan begins with a scan, which replaces this block.
    block = SelectBlock(
      from: .relation(StatementContext.RelationColumns(name: "", content: "")))
    _ = add(plan)
  }

  /// A sort key that breaks ties.
  private struct TieBreaker {
    var column: PlanColumn
    /// Whether it is ascending even if the last sort key is descending.
    var isAlwaysAscending = false
    /// Whether it is a group key; a number then precedes the equal text.
    var isGroupKey = false
  }

  /// Adds a node after its inputs; returns its number, counted from the scan.
  private mutating func add(_ plan: Plan) -> Int {
    let number = plan.input.map { add($0) + 1 } ?? 0
    let share = planner?.share(ofNode: number) ?? .none
    switch plan {
    case .scan(let scan): add(scan, share)
    case .filter(_, let condition):
      if block.limit != nil { wrap() }
      for part in conditions(of: condition, without: share).map({ fitted($0) }) {
        block.conditions.append(sql(part))
      }
    case .extend(_, let columns):
      for column in columns where !share.includes(column.column) {
        let fitted = fitted(column)
        let computed = computed(fitted)
        define(computed)
        // Without a block of its own it would be nested again in every column computed from it.
        if computed.nesting > dialect.columnNestingLimit { wrap() }
      }
    case .aggregate(_, let keys, let aggregates):
      if share.isAll {
        // Values computed for rows do not exist for their groups.
        block = SelectBlock(from: block.source)
        ordering = []
        tieBreakers = keys.map { TieBreaker(column: $0.column, isGroupKey: true) }
      } else {
        aggregate(keys, aggregates)
      }
    case .sort(_, let keys):
      if block.limit != nil { wrap() }
      ordering = pinned + keys
    case .limit where share.isAll: break
    case .limit(_, let count):
      if block.limit != nil { wrap() }
      block.order = orderClauses
      block.limit = count
      block.cutoff = cutoff(to: count)
      if let first = ordering.first, filledBin == first.column.name {
        block.limitFilledRows(to: count, isDescending: first.isDescending)
      }
    case .deduplicate where share.isAll: break
    case .deduplicate(_, let columns): deduplicate(columns)
    case .window(_, let columns): window(columns)
    case .unnest(_, let unnesting): unnest(unnesting)
    case .total(_, let columns): total(columns)
    case .fill(_, let filling): fill(filling)
    case .join(_, let join): self.join(join)
    case .project(_, let columns): self.columns = columns
    }
    return number
  }

  /// The maximum limit with a cutoff: to find it, SQLite keeps that many keys in order.
  private static let cutoffLimit = 10_000

  /// Returns the cutoff for the first rows of a table of the store, whose rows are composed of
  /// several tables; `nil` if SQLite has to compute the first sort key.
  private func cutoff(to count: Int) -> SelectBlock.Cutoff? {
    guard case .relation(let relation) = block.source, context.isTable(relation),
      !block.isAggregated, (1...Self.cutoffLimit).contains(count), let first = ordering.first,
      first.column.isOrderedBySQL, !block.defines(first.column.name)
    else { return nil }
    return SelectBlock.Cutoff(
      relation: context.copy(of: relation), key: block.resolve(first.column.name),
      isDescending: first.isDescending)
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
    block = SelectBlock(
      from: .relation(context.columns(of: scan.relation, planner: planner)))
    tieBreakers = scan.relation.tieBreakers.map { TieBreaker(column: $0) }
    if case .all = share { return }
    let time = block.resolve
    if let start = scan.timeRange.start {
      block.conditions.append(time("@timestamp") + SQLFragment(sql: " >= ") + .number(start))
    }
    if let end = scan.timeRange.end {
      block.conditions.append(time("@timestamp") + SQLFragment(sql: " < ") + .number(end))
    }
    if !scan.logGroups.isEmpty {
      let group = BoundExpression.column(PlanColumn(Relation.logGroupColumn, .text))
      let globs = scan.logGroups.map { glob in
        sql(.call(.matchesGlob, [group, .literal(.text(glob))], type: .boolean))
      }
      block.conditions.append(SQLFragment(sql: "(") + globs.joined(" OR ") + SQLFragment(sql: ")"))
    }
  }

  // MARK: Nodes

  private mutating func aggregate(_ keys: [NamedExpression], _ aggregates: [NamedExpression]) {
    if block.isAggregated || block.limit != nil { wrap() }
    let fitted = (keys + aggregates).map { self.fitted($0) }
    let computed = fitted.map(computed)
    block.aggregate(by: computed.prefix(keys.count).map { asTerm($0.fragment) })
    for column in computed { define(column) }
    // Without rows the result is empty, instead of a count of 0.
    if keys.isEmpty { block.conditions.append(SQLFragment(sql: "count(*) > 0")) }
    ordering = []
    pinned = []
    tieBreakers = keys.map { TieBreaker(column: $0.column, isGroupKey: true) }
    if computed.contains(where: { $0.nesting > dialect.columnNestingLimit }) { wrap() }
  }

  /// A column with its SQL in the current block.
  private typealias ComputedColumn = (name: String, fragment: SQLFragment, nesting: Int)

  private func computed(_ column: NamedExpression) -> ComputedColumn {
    let block = block
    return (
      column.column.name, sql(column.expression),
      column.expression.nesting(in: dialect) { block.nesting(of: $0.name) }
    )
  }

  private mutating func fitted(_ column: NamedExpression) -> NamedExpression {
    var column = column
    column.expression = fitted(column.expression)
    return column
  }

  /// Returns the expression within the database's limits: parts that nest too deep are computed in
  /// a block of their own.
  private mutating func fitted(_ expression: BoundExpression) -> BoundExpression {
    var expression = expression
    while expression.nesting(in: dialect) > dialect.nestingLimit {
      var parts: [NamedExpression] = []
      expression = expression.replacingParts(
        nestingAtMost: dialect.columnNestingLimit, in: dialect
      ) { part in
        if let same = parts.first(where: { $0.expression == part }) { return same.column }
        let column = PlanColumn("@part:\(context.nextNumber())", part.type, isComputed: true)
        parts.append(NamedExpression(column: column, expression: part))
        return column
      }
      for part in parts.map(computed) { define(part) }
      wrap()
    }
    return expression
  }

  private func define(_ column: ComputedColumn) {
    block.define(column.name, as: column.fragment, nesting: column.nesting)
  }

  private mutating func deduplicate(_ columns: [PlanColumn]) {
    if block.isAggregated || block.limit != nil { wrap() }
    let keys = columns.map { block.resolve($0.name) }
    var window = SQLFragment(sql: "row_number() OVER (PARTITION BY ") + keys.joined(", ")
    // The single row of `stats` without keys has no order.
    let order = orderClauses
    if !order.isEmpty { window += SQLFragment(sql: " ORDER BY ") + order.joined(", ") }
    let rank = block.addOutput(window + SQLFragment(sql: ")"), like: "rank")
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
    let fittedList = fitted(unnesting.list)
    let list = block.addOutput(sql(fittedList), like: "list")
    block = SelectBlock(
      from: .unnested(
        block, list: list, keepsEmpty: unnesting.keepsEmpty,
        counter: unnesting.command.map { counter(for: $0) }))
    block.define(
      unnesting.element.name,
      as: .spelling(dialect.elementSpelling, [SQLFragment(sql: "\"element\"")]), nesting: 0)
    // Elements of one row keep the order of the list.
    let position = PlanColumn("@element:\(tieBreakers.count)", .number)
    block.define(position.name, as: SQLFragment(sql: "\"element\".\"key\""), nesting: 0)
    tieBreakers.append(TieBreaker(column: position, isAlwaysAscending: true))
  }

  private func counter(for command: String) -> RowCounter {
    RowCounter(place: context.nextNumber(), command: command)
  }

  private mutating func total(_ columns: [NamedExpression]) {
    if block.limit == nil { block.order = [] }
    let rows = SelectBlock(from: .block(block))
    let total = SelectBlock(from: .block(block))
    let generator = ExpressionGenerator(dialect: dialect, context: context, block: total)
    for column in columns {
      total.define(column.column.name, as: generator.sql(for: column.expression), nesting: 0)
    }
    let place = PlanColumn("@total", .number)
    rows.define(place.name, as: SQLFragment(sql: "0"), nesting: 0)
    total.define(place.name, as: SQLFragment(sql: "1"), nesting: 0)
    total.aggregate(by: [])
    // Without rows there is no total.
    total.conditions.append(SQLFragment(sql: "count(*) > 0"))
    total.hasOnlyDefinedColumns = true
    block = SelectBlock(from: .union(rows, total))
    pinned = [SortKey(column: place, isDescending: false)]
    ordering = pinned + ordering
  }

  private mutating func fill(_ filling: Filling) {
    wrap()
    for column in [filling.bin] + filling.keys { _ = block.output(column.name) }
    let generator = ExpressionGenerator(
      dialect: dialect, context: context, block: block,
      substitutes: [filling.bin.name: SQLFragment(sql: "\"start\"")])
    block = SelectBlock(
      from: .filled(
        FillSource(
          groups: block, filling: filling, next: generator.sql(for: filling.next),
          previous: generator.sql(for: filling.previous))))
    filledBin = filling.bin.name
  }

  private mutating func join(_ join: Join) {
    if block.isAggregated || block.limit != nil { wrap() }
    var right = SQLGenerator(of: join.right, dialect: dialect, context: context)
    if right.block.isAggregated || right.block.limit != nil { right.wrap() }
    var keys: [(left: String, right: String)] = []
    let sides = join.keys.map { (left: fitted($0.left), right: right.fitted($0.right)) }
    for side in sides {
      keys.append(
        (
          block.addOutput(sql(side.left), like: "key"),
          right.block.addOutput(right.sql(side.right), like: "key")
        ))
    }
    if case .added(let columns) = join.naming { keepOrder(beneath: columns.map(\.column)) }
    right.block.hideLimits()
    let name = context.add(right.block, called: "joined")
    let mayMultiply = if case .qualified = join.naming { true } else { false }
    let source = JoinSource(
      left: block, right: right.block, rightName: name, keys: keys, isOuter: join.isOuter,
      naming: join.naming, counter: mayMultiply ? counter(for: "join") : nil)
    block = SelectBlock(from: .joined(source))
    func renamed(_ keys: [SortKey]) -> [SortKey] {
      keys.map { SortKey(column: source.leftColumn($0.column), isDescending: $0.isDescending) }
    }
    ordering = renamed(ordering)
    pinned = renamed(pinned)
    tieBreakers = tieBreakers.map {
      TieBreaker(
        column: source.leftColumn($0.column), isAlwaysAscending: $0.isAlwaysAscending,
        isGroupKey: $0.isGroupKey)
    }
    // Partners of one row keep their own order.
    tieBreakers += right.tieBreakers.compactMap { breaker in
      source.rightColumn(breaker.column).map { TieBreaker(column: $0, isAlwaysAscending: true) }
    }
  }

  /// Keeps the order of the rows when columns that it depends on are replaced.
  private mutating func keepOrder(beneath columns: [PlanColumn]) {
    for (index, key) in ordering.enumerated()
    where columns.contains(where: { $0.name == key.column.name }) {
      var kept = key.column
      kept.name = "@order:\(context.nextNumber())"
      block.define(kept.name, as: block.resolve(key.column.name), nesting: 0)
      ordering[index].column = kept
    }
  }

  /// Adds the only column of a plan to the statement, as values in the form of `ql_value`.
  static func addSubquery(
    _ plan: Plan, to context: StatementContext, for dialect: any Dialect
  ) -> (step: String, column: String) {
    var generator = SQLGenerator(of: plan, dialect: dialect, context: context)
    if generator.block.isAggregated || generator.block.limit != nil { generator.wrap() }
    let value = generator.sql(
      .call(
        .comparedValue, [generator.columns.first.map { .column($0) } ?? .literal(.null)],
        type: .any))
    let column = generator.block.addOutput(value, like: "value")
    return (context.add(generator.block, called: "subquery"), column)
  }

  /// Begins a new block that reads from the current one.
  private mutating func wrap() {
    block = SelectBlock(from: .block(block))
  }

  private mutating func finish() -> SQLStatement {
    if block.limit == nil { block.order = orderClauses }
    for column in columns { _ = block.output(column.name) }
    let (text, bindings) = block.rendered(after: context.steps).rendered()
    return SQLStatement(
      text: text, bindings: bindings,
      columns: columns.map {
        ResultColumn(
          name: $0.name, type: $0.type, isComputed: $0.isComputed,
          isReportNumber: $0.isReportNumber)
      },
      relations: context.relations)
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
    for breaker in tieBreakers where breaker.isGroupKey && !breaker.column.isOrderedBySQL {
      clauses.append(asTerm(block.resolve(breaker.column.name)))
    }
    return clauses
  }

  private func orderClause(for column: PlanColumn, isDescending: Bool) -> SQLFragment {
    var clause = asTerm(block.resolve(column.name))
    if !column.isOrderedBySQL { clause = .spelling(dialect.sortKeySpelling, [clause]) }
    return isDescending ? clause + SQLFragment(sql: " DESC") : clause
  }

  /// Returns a fragment as a term of GROUP BY or ORDER BY, where a bare integer, even with a sign
  /// or in parentheses, would be a column number.
  private func asTerm(_ fragment: SQLFragment) -> SQLFragment {
    let isConstant = fragment.rendered().text.allSatisfy { "0123456789-()".contains($0) }
    return isConstant ? .spelling("CAST({0} AS INTEGER)", [fragment]) : fragment
  }

  private func sql(_ expression: BoundExpression) -> SQLFragment {
    ExpressionGenerator(dialect: dialect, context: context, block: block).sql(for: expression)
  }
}
