internal import InsightsModel

// Plan nodes that change the rows, or that read the rows around a row.
extension Binder {
  // MARK: Rows around a row

  /// Adds columns computed from the rows around each row.
  mutating func window(_ columns: [WindowColumn]) {
    if columns.contains(where: { $0.order == .ofRows }) { sortUnlessSorted() }
    plan = .window(plan, columns)
  }

  /// Adds a hidden column with the number of each row in its order, from 1.
  mutating func number(as column: PlanColumn) {
    window([WindowColumn(column, .call(.rowNumber, []))])
  }

  /// Adds hidden columns.
  mutating func extend(_ columns: [NamedExpression]) {
    plan = .extend(plan, columns)
  }

  /// Returns a column for intermediate values, with a name that no field has.
  func intermediate(_ name: String, of column: PlanColumn, _ type: ValueType = .number)
    -> PlanColumn
  {
    PlanColumn("\(name)(\(column.name))'", type, isComputed: true)
  }

  /// Adds a column to scope and selection; reports an error if its name is taken.
  mutating func add(_ column: PlanColumn, at span: SourceSpan) -> Bool {
    guard define(column, as: .column(column), at: span) else { return false }
    selection.append(column)
    return true
  }

  /// Adds a column to scope and selection; it replaces one with the same name.
  mutating func replace(_ column: PlanColumn) {
    redefine(column)
    selection.append(column)
  }

  /// Cross-joins the one-row aggregate of all rows.
  mutating func beside(_ aggregates: [NamedExpression]) {
    let always = Join.Key(left: .literal(.integer(1)), right: .literal(.integer(1)))
    join(
      .aggregate(plan, keys: [], aggregates: aggregates), on: [always],
      adding: aggregates.map { Join.AddedColumn($0.column, from: $0.column) })
  }

  // MARK: Other rows

  /// Makes one row per element of a list; the element's column replaces one with the same name.
  mutating func unnest(
    _ list: BoundExpression, into element: PlanColumn, keepsEmpty: Bool, for command: String
  ) {
    sortUnlessSortedOrAggregated()
    let elements = list.calling(.elements)
    plan = .unnest(
      plan,
      Unnesting(list: elements, element: element, keepsEmpty: keepsEmpty, command: command))
    redefine(element)
  }

  /// Makes the default order explicit before the number of rows changes, unless rows are sorted or
  /// aggregated.
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

  /// Continues with aggregates that a command computes itself.
  mutating func aggregate(
    keys: [PlanColumn], aggregates: [NamedExpression], sortedBy order: [SortKey]
  ) {
    let keys = keys.map { NamedExpression(column: $0, expression: .column($0)) }
    plan = .aggregate(plan, keys: keys, aggregates: aggregates)
    groupKeys = keys
    replaceScope(with: keys.map(\.column) + aggregates.map(\.column))
    sort(by: order)
  }
}
