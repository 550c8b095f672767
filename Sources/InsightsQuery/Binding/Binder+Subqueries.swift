internal import InsightsModel

// Queries nested in a query.
extension Binder {
  /// Whether the value is among those of a subquery.
  mutating func bindMembership(
    of subject: BoundExpression, inSubquery query: QuerySyntax, at span: SourceSpan
  ) -> BoundExpression? {
    bindSubquery(query) { inner in
      let columns = inner.selection.handedOn
      guard columns.count == 1 else {
        inner.report(
          "subquery-columns",
          "subquery gives \(counted(columns.count, "field")); 'in' compares with one", at: span,
          notes: ["they are: \(columns.map(\.name).joined(separator: ", "))"],
          help: [
            "end the subquery with the field that is meant: | display \(columns.first?.name ?? "id")"
          ])
        return nil
      }
      return .subqueryMembership(subject.asSingleValue, .project(inner.plan, columns))
    }
  }

  /// Joins the rows of another query; names are qualified by the aliases of the two sides.
  mutating func join(
    _ inner: Binder, on keys: [Join.Key], isOuter: Bool, left: String, right: String
  ) {
    plan = .join(
      plan,
      Join(
        right: inner.plan, isOuter: isOuter, keys: keys,
        naming: .qualified(left: left, right: right)))
    scope = Scope(joining: scope, as: left, with: inner.scope, as: right)
    selection = Selection(
      fallback: selection.columns.map { $0.qualified(by: left) }
        + inner.selection.columns.map { $0.qualified(by: right) })
    groupKeys = groupKeys.map {
      NamedExpression(column: $0.column.qualified(by: left), expression: $0.expression)
    }
  }

  /// Continues as if a failed join had succeeded, so that uses of its aliases are not reported too.
  mutating func assumeJoin(left: String, right: String) {
    scope = Scope(joining: scope, as: left, with: Scope(of: .events), as: right)
  }

  /// Adds columns of another plan that has at most one matching row for each row.
  mutating func join(_ right: Plan, on keys: [Join.Key], adding columns: [Join.AddedColumn]) {
    plan = .join(plan, Join(right: right, isOuter: true, keys: keys, naming: .added(columns)))
  }
}
