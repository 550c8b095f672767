internal import InsightsModel

/// The columns of `relevantfields`, and what they are computed from.
enum Relevance {
  /// With the members of the JSON object that holds them.
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
    .calling(">", .literal(.integer(0)), as: .boolean, sql: "({0} > {1})")

  /// Ranked, equal ones by name.
  static let order = [
    SortKey(column: columns[1], isDescending: true),
    SortKey(column: columns[0], isDescending: false),
  ]

  /// Fields that one aggregate looks at: SQLite passes 127 arguments at most.
  private static let fieldsPerAggregate = 60

  /// A row for each field.
  static func plan(of fields: [PlanColumn], by condition: BoundExpression, over input: Plan) -> Plan
  {
    let starts = Array(stride(from: 0, to: fields.count, by: fieldsPerAggregate))
    let results = starts.indices.map { PlanColumn("relevance \($0)'", .text) }
    let aggregates = zip(starts, results).map { start, result in
      let named = fields[start...].prefix(fieldsPerAggregate).flatMap { field in
        [BoundExpression.literal(.text(field.name)), .column(field)]
      }
      return NamedExpression(
        column: result,
        expression: .call(
          BoundExpression.Callee(
            name: "relevance", type: .text, sql: "ql_relevance({*})", isAggregate: true),
          [condition] + named))
    }
    let list = BoundExpression.call(
      BoundExpression.Callee(
        name: "list", type: .text,
        sql: "('[' || " + results.indices.map { "{\($0)}" }.joined(separator: " || ',' || ")
          + " || ']')"),
      results.map { .column($0) })
    let element = PlanColumn("relevance'", .text)
    return .extend(
      .unnest(
        .aggregate(input, keys: [], aggregates: aggregates),
        Unnesting(list: list, element: element, keepsEmpty: false)),
      members.map { column, member in
        NamedExpression(
          column: column,
          expression: BoundExpression.column(element).calling(
            member, as: column.type, sql: "json_extract({0}, '$.\(member)')"))
      })
  }
}

extension Binder {
  /// Goes on with the fields, ranked by how much they tell of a condition.
  ///
  /// `onlyRelevant`: those that tell nothing are left out.
  mutating func rank(
    _ fields: [PlanColumn], by condition: BoundExpression, onlyRelevant: Bool
  ) {
    plan = Relevance.plan(of: fields, by: condition, over: plan)
    if onlyRelevant { plan = .filter(plan, Relevance.isRelevant) }
    groupKeys = []
    replaceScope(with: Relevance.columns)
    sort(by: Relevance.order)
  }

  /// Whether a name is read from the events, as against computed by the query.
  func isRead(_ name: String) -> Bool {
    guard scope.defines(name) else { return scope.lookUp(name) != nil }
    return !hasAggregated && relation.column(named: name) != nil
  }
}
