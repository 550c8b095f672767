internal import InsightsModel

// Plan nodes that give other rows, or look at the rows around one.
extension Binder {
  // MARK: Rows around a row

  /// Adds columns computed from the rows around each row.
  mutating func window(_ columns: [WindowColumn]) {
    if columns.contains(where: { $0.order == .ofRows }) { sortUnlessSorted() }
    plan = .window(plan, columns)
  }

  /// Adds columns that the query's author does not see.
  mutating func extend(_ columns: [NamedExpression]) {
    plan = .extend(plan, columns)
  }

  /// A column for intermediate values, under a name that no field has.
  func intermediate(_ name: String, of column: PlanColumn, _ type: ValueType = .number)
    -> PlanColumn
  {
    PlanColumn("\(name)(\(column.name))'", type, isComputed: true)
  }

  /// Makes a column known under its name and shows it; a name that is there already is an error.
  mutating func add(_ column: PlanColumn, at span: SourceSpan) -> Bool {
    guard define(column, at: span) else { return false }
    selection.append(column)
    return true
  }

  /// Makes a column known in place of one of the same name, and shows it.
  mutating func replace(_ column: PlanColumn) {
    scope.redefine(column)
    selection.replace(column)
    selection.append(column)
  }

  // MARK: Other rows

  /// One row per element of a list; the element's column takes the place of one of the same name.
  mutating func unnest(_ list: BoundExpression, into element: PlanColumn, keepsEmpty: Bool) {
    sortUnlessSortedOrAggregated()
    let elements = list.calling("elements", as: .text, sql: "ql_elements({0})")
    plan = .unnest(plan, Unnesting(list: elements, element: element, keepsEmpty: keepsEmpty))
    scope.redefine(element)
  }

  /// Only rows in an order of their own need it spelt out before their number changes.
  private mutating func sortUnlessSortedOrAggregated() {
    if !hasAggregated { sortUnlessSorted() }
  }

  mutating func fill(_ filling: Filling) {
    sortUnlessSorted()
    plan = .fill(plan, filling)
  }

  mutating func total(_ columns: [NamedExpression]) {
    sortUnlessSorted()
    plan = .total(plan, columns)
  }

  /// Goes on with aggregates that a command computes for itself.
  mutating func aggregate(
    keys: [PlanColumn], aggregates: [NamedExpression], sortedBy order: [SortKey]
  ) {
    let keys = keys.map { NamedExpression(column: $0, expression: .column($0)) }
    plan = .aggregate(plan, keys: keys, aggregates: aggregates)
    groupKeys = keys
    replaceScope(with: keys.map(\.column) + aggregates.map(\.column))
    sort(by: order)
  }

  // MARK: Other queries

  /// A query in parentheses, bound by itself.
  struct Subquery {
    var plan: Plan
    var scope: Scope
    /// What it shows: its last `fields` or `display`, or the results of its `stats`.
    var columns: [PlanColumn]
    var isSorted: Bool
  }

  /// Binds a query in parentheses; reports what is wrong with it.
  mutating func bind(_ syntax: QuerySyntax, isOrdered: Bool = false) -> Subquery? {
    var inner = Binder(source: source, options: options, catalog: catalog)
    inner.bindCommands(of: syntax)
    let errorCount = inner.diagnostics.count { $0.severity == .error }
    diagnostics += inner.diagnostics
    guard errorCount == 0 else { return nil }
    if isOrdered { inner.sortUnlessSorted() }
    let lastChoice = syntax.commands.last { $0 is FieldsCommand || $0 is DisplayCommand }
    let chosen = lastChoice?.definedNames.compactMap { inner.scope.lookUp($0) }
    return Subquery(
      plan: inner.plan, scope: inner.scope, columns: chosen ?? inner.selection.columns,
      isSorted: inner.isSorted)
  }

  /// Puts the rows of a source beside those that are equal in a field.
  mutating func join(_ right: Subquery, _ join: Join) {
    guard let qualifiers = join.qualifiers else { return }
    let shown =
      selection.columns.map { $0.renamed($0.name.qualified(by: qualifiers.left)) }
      + right.columns.map { $0.renamed($0.name.qualified(by: qualifiers.right)) }
    sortUnlessSorted()
    plan = .join(plan, right.plan, join)
    scope = Scope(joining: scope, as: qualifiers.left, with: right.scope, as: qualifiers.right)
    groupKeys = groupKeys.map {
      NamedExpression(
        column: $0.column.renamed($0.column.name.qualified(by: qualifiers.left)),
        expression: $0.expression)
    }
    selection.restart(fallback: shown)
  }

  /// Puts the columns of another query beside the rows, row by row.
  mutating func append(_ right: Subquery, columns: [PlanColumn], limit: Int) {
    sortUnlessSorted()
    plan = .join(
      plan, right.plan,
      Join(
        kind: .left, condition: .position(limit: limit), qualifiers: nil, rightColumns: columns))
    for column in columns { replace(column) }
  }
}
