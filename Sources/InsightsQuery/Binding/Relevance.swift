internal import InsightsModel

/// The columns of `relevantfields`, and the aggregate that they are computed from.
enum Relevance {
  /// The members of the JSON object with their values.
  private static let members: [(column: PlanColumn, member: String)] = [
    (PlanColumn("@fieldName", .text), "field"),
    (PlanColumn("@relevanceScore", .number, isComputed: true), "score"),
    (PlanColumn("@topRelevanceContributors", .text), "contributors"),
    (PlanColumn("@conditionalMedian", .number, isComputed: true), "conditionalMedian"),
    (PlanColumn("@baselineMedian", .number, isComputed: true), "baselineMedian"),
  ]

  static let columns = members.map(\.column)

  /// Whether the field differs at all.
  static let isRelevant = BoundExpression.column(columns[1])
    .calling(.greater, .literal(.integer(0)))

  /// The order of the fields: by rank, then by name.
  static let order = [
    SortKey(column: columns[1], isDescending: true),
    SortKey(column: columns[0], isDescending: false),
  ]

  /// Returns a plan with one row per field.
  static func plan(of fields: [PlanColumn], by condition: BoundExpression, over input: Plan) -> Plan
  {
    let list = PlanColumn("relevance'", .text)
    let named = fields.flatMap { [BoundExpression.literal(.text($0.name)), .column($0)] }
    let aggregate = NamedExpression(
      column: list, expression: .call(.relevance, [condition] + named))
    let element = PlanColumn("field'", .text)
    return .extend(
      .unnest(
        .aggregate(input, keys: [], aggregates: [aggregate]),
        Unnesting(list: .column(list), element: element, keepsEmpty: false)),
      members.map { column, member in
        NamedExpression(
          column: column,
          expression: BoundExpression.column(element).member(member, column.type))
      })
  }
}

extension Binder {
  /// Continues with the fields, ranked by how strongly they correlate with a condition.
  ///
  /// `onlyRelevant`: fields without any correlation are omitted.
  mutating func rank(
    _ fields: [PlanColumn], by condition: BoundExpression, onlyRelevant: Bool
  ) {
    plan = Relevance.plan(of: fields, by: condition, over: plan)
    if onlyRelevant { plan = .filter(plan, Relevance.isRelevant) }
    groupKeys = []
    replaceScope(with: Relevance.columns)
    sort(by: Relevance.order)
  }

  /// Whether a name is a field of the events, rather than computed by the query.
  func isRead(_ name: String) -> Bool {
    guard scope.defines(name) else { return scope.lookUp(name) != nil }
    return !hasAggregated && relation.column(named: name) != nil
  }
}
