internal import InsightsModel

// Plan nodes that give other rows, or look at the rows around one.
extension Binder {
  // MARK: Rows around a row

  /// Adds columns computed from the rows around each row.
  mutating func window(_ columns: [WindowColumn]) {
    if columns.contains(where: { $0.order == .ofRows }) { sortUnlessSorted() }
    plan = .window(plan, columns)
  }

  /// Adds a column with the number of each row in its order, from 1, which the query's author does
  /// not see.
  mutating func number(as column: PlanColumn) {
    window([WindowColumn(column, .call(.rowNumber, []))])
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
    guard define(column, as: .column(column), at: span) else { return false }
    selection.append(column)
    return true
  }

  /// Makes a column known in place of one of the same name, and shows it.
  mutating func replace(_ column: PlanColumn) {
    redefine(column)
    selection.append(column)
  }

  /// Puts aggregates of all rows beside each of them.
  mutating func beside(_ aggregates: [NamedExpression]) {
    let always = Join.Key(left: .literal(.integer(1)), right: .literal(.integer(1)))
    join(
      .aggregate(plan, keys: [], aggregates: aggregates), on: [always],
      adding: aggregates.map { Join.AddedColumn($0.column, from: $0.column) })
  }

  // MARK: Other rows

  /// One row per element of a list; the element's column takes the place of one of the same name.
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
}
