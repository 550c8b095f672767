internal import InsightsQuery

/// One SELECT, filled while the generator walks up the plan.
///
/// It is a class because an enclosing block requests further columns as it needs them: every SELECT
/// returns only the columns that are used.
final class SelectBlock {
  enum Source {
    case relation(StatementContext.RelationColumns)
    case block(SelectBlock)
    /// The rows of a block, repeated for each element of a JSON array in one of its columns.
    case unnested(SelectBlock, list: String, keepsEmpty: Bool, counter: RowCounter?)
    /// The rows of two blocks with the same columns.
    case union(SelectBlock, SelectBlock)
    case filled(FillSource)
    case joined(JoinSource)
  }

  private(set) var source: Source
  /// The columns that this block computes.
  private var defined: [String: SQLFragment] = [:]
  private var nestings: [String: Int] = [:]
  private var outputs: [(name: String, planName: String?, fragment: SQLFragment)] = []
  /// The names of the outputs, and of those that are columns of the plan.
  private var names = UniqueNames()
  private var outputsOfPlan: [String: String] = [:]

  var conditions: [SQLFragment] = []
  /// The keys of GROUP BY; `nil` while the block does not aggregate.
  var grouping: [SQLFragment]?
  var order: [SQLFragment] = []
  var limit: Int?
  var cutoff: Cutoff?
  /// Whether to hide the limit from SQLite's query planner, see `hideLimits`.
  private var hidesLimit = false
  /// Whether columns that the block does not define are missing, regardless of its source.
  var hasOnlyDefinedColumns = false

  /// A condition that excludes most rows beyond the limit before anything of them is computed but
  /// their first sort key.
  struct Cutoff {
    /// The name by which the relation is read once more.
    var relation: String
    /// The first sort key, which is a column of the relation.
    var key: SQLFragment
    var isDescending: Bool

    /// The condition that a row is not behind the last row within the limit; `conditions` are those
    /// of the block.
    func condition(limit: Int, conditions: [SQLFragment]) -> SQLFragment {
      var last = SQLFragment(sql: "(SELECT ") + key + SQLFragment(sql: " FROM ")
      last += .identifier(relation)
      if !conditions.isEmpty {
        last += SQLFragment(sql: " WHERE ") + conditions.joined(" AND ")
      }
      last += SQLFragment(sql: " ORDER BY ") + key
      if isDescending { last += SQLFragment(sql: " DESC") }
      last += SQLFragment(sql: " LIMIT 1 OFFSET ") + .number(Int64(limit - 1))
      // Missing keys, and fewer rows than the limit, exclude nothing.
      return SQLFragment(sql: "(") + key + SQLFragment(sql: isDescending ? " >= " : " <= ") + last
        + SQLFragment(sql: ")) IS NOT FALSE")
    }
  }

  init(from source: Source) {
    self.source = source
  }

  var isAggregated: Bool { grouping != nil }

  /// Returns the SQL of a column of the plan in this block's WHERE, GROUP BY and ORDER BY.
  func resolve(_ name: String) -> SQLFragment {
    if let fragment = defined[name] { return fragment }
    if hasOnlyDefinedColumns { return SQLFragment(sql: "NULL") }
    switch source {
    case .relation(let relation): return .identifier(relation.column(for: name))
    case .block(let inner): return .identifier(inner.output(name))
    case .unnested(let inner, _, _, _):
      return SQLFragment(sql: "\"row\".") + .identifier(inner.output(name))
    case .union(let first, let second):
      let output = first.output(name)
      _ = second.output(name)
      return .identifier(output)
    case .filled(let fill): return .identifier(fill.groups.output(name))
    case .joined(let join): return join.resolve(name)
    }
  }

  /// Defines a column that this block computes; `nesting` as in `BoundExpression.nesting(in:_:)`.
  func define(_ name: String, as fragment: SQLFragment, nesting: Int) {
    defined[name] = fragment
    nestings[name] = nesting
  }

  /// Whether this block computes a column.
  func defines(_ name: String) -> Bool { defined[name] != nil }

  /// Returns how deep the SQL of a column nests here.
  func nesting(of name: String) -> Int { nestings[name] ?? 0 }

  /// Adds a plan column to the SELECT list, once; returns its name there.
  func output(_ name: String) -> String {
    if let output = outputsOfPlan[name] { return output }
    return addOutput(resolve(name), like: name, planName: name)
  }

  /// Adds a column that the plan does not know; returns its name.
  func addOutput(_ fragment: SQLFragment, like name: String, planName: String? = nil) -> String {
    let unique = names.name(like: name)
    outputs.append((unique, planName, fragment))
    if let planName { outputsOfPlan[planName] = unique }
    return unique
  }

  /// The SELECT list so far: names in SQL, and in the plan if it has the column.
  var outputNames: [(name: String, planName: String?)] { outputs.map { ($0.name, $0.planName) } }

  /// The block that this one reads as the previous step.
  private var precedingStep: SelectBlock? {
    switch source {
    case .block(let inner), .unnested(let inner, _, _, _): inner
    case .joined(let join): join.left
    case .filled(let fill): fill.groups
    // Both members read the same block.
    case .union(let first, _): first.precedingStep
    case .relation: nil
    }
  }

  /// Writes the limits of this block and the previous steps as sums, for rows that are looked up by
  /// a key.
  ///
  /// SQLite takes a constant limit as the number of rows. At a few thousand it would scan them for
  /// each lookup, instead of building an index.
  func hideLimits() {
    hidesLimit = true
    precedingStep?.hideLimits()
  }

  /// Returns the statement: inner blocks become consecutive steps of a WITH clause, since SQLite
  /// limits nesting to 14 SELECTs.
  ///
  /// `preparations` precede all steps in the WITH clause.
  func rendered(after preparations: [SQLFragment] = []) -> SQLFragment {
    var steps: [SelectBlock] = []
    var outermost = self
    while let inner = outermost.precedingStep {
      steps.insert(inner, at: 0)
      outermost = inner
    }
    let clauses =
      preparations
      + steps.enumerated().map { index, step in
        Self.stepName(index) + SQLFragment(sql: " AS (\n  ")
          + step.select(asStep: index).indented(by: 2) + SQLFragment(sql: "\n)")
      }
    let select = select(asStep: steps.count)
    return clauses.isEmpty
      ? select : SQLFragment(sql: "WITH ") + clauses.joined(", ") + SQLFragment(sql: "\n") + select
  }

  private static func stepName(_ index: Int) -> SQLFragment { .identifier("step \(index + 1)") }

  private func select(asStep index: Int) -> SQLFragment {
    var columns = outputs.map { output -> SQLFragment in
      let name = SQLFragment.identifier(output.name)
      return output.fragment.rendered().text == name.rendered().text
        ? name : output.fragment + SQLFragment(sql: " AS ") + name
    }
    // Without GROUP BY, an aggregate in the SELECT list is needed to make one row of all.
    if grouping?.isEmpty == true, !outputs.contains(where: { $0.fragment.isAggregate }) {
      columns.append(SQLFragment(sql: "count(*)"))
    }
    var sql = SQLFragment(sql: "SELECT ")
    sql += columns.isEmpty ? SQLFragment(sql: "1") : columns.joined(", ")
    sql += SQLFragment(sql: "\nFROM ")
    sql += renderedSource(asStep: index)
    let having = isAggregated ? conditions : []
    var whereConditions = isAggregated ? innerConditions : conditions
    if let cutoff, let limit {
      whereConditions.insert(cutoff.condition(limit: limit, conditions: conditions), at: 0)
    }
    if !whereConditions.isEmpty {
      sql += SQLFragment(sql: "\nWHERE ") + whereConditions.joined("\n  AND ")
    }
    if let grouping, !grouping.isEmpty {
      sql += SQLFragment(sql: "\nGROUP BY ") + grouping.joined(", ")
    }
    if !having.isEmpty { sql += SQLFragment(sql: "\nHAVING ") + having.joined("\n  AND ") }
    if !order.isEmpty { sql += SQLFragment(sql: "\nORDER BY ") + orderTerms.joined(", ") }
    if let limit {
      sql += SQLFragment(sql: "\nLIMIT ") + .number(Int64(limit))
      if hidesLimit { sql += SQLFragment(sql: " + 0") }
    }
    return sql
  }

  /// The terms of ORDER BY, whose names are columns of the source.
  ///
  /// The name of an output alone would be that output; in an expression it is not.
  private var orderTerms: [SQLFragment] {
    order.map { term in
      let text = term.rendered().text
      let isOutput = outputs.contains { output in
        let name = SQLFragment.identifier(output.name).rendered().text
        return (text == name || text == name + " DESC") && output.fragment.rendered().text != name
      }
      return isOutput ? SQLFragment(sql: "+") + term : term
    }
  }

  private func renderedSource(asStep index: Int) -> SQLFragment {
    let step = Self.stepName(index - 1)
    switch source {
    case .relation(let relation): return .identifier(relation.name)
    case .block: return step
    case .joined(let join): return join.rendered(leftName: step)
    case .unnested(_, let list, let keepsEmpty, let counter):
      let condition = counter.map {
        SQLFragment(sql: " ON ") + $0.condition(on: SQLFragment(sql: "\"element\".\"key\""))
      }
      return step + SQLFragment(sql: " AS \"row\"")
        + (keepsEmpty ? SQLFragment(sql: "\nLEFT JOIN ") : SQLFragment(sql: "\nJOIN "))
        + SQLFragment(sql: "json_each(\"row\".") + .identifier(list)
        + SQLFragment(sql: ") AS \"element\"") + (condition ?? SQLFragment(sql: ""))
    case .union(let first, let second):
      return SQLFragment(sql: "(\n  ") + first.member(asStep: index).indented(by: 2)
        + SQLFragment(sql: "\n  UNION ALL\n  ") + second.member(asStep: index).indented(by: 2)
        + SQLFragment(sql: "\n)")
    case .filled(let fill): return fill.rendered(over: step)
    }
  }

  /// Limits filled rows to the first `count`, in the order of periods.
  ///
  /// Returns false if the block has other rows, or drops some of them.
  func limitFilledRows(to count: Int, isDescending: Bool) {
    guard case .filled(var fill) = source, conditions.isEmpty, !isAggregated else { return }
    fill.wanted = (count, isDescending)
    source = .filled(fill)
  }

  /// Returns the block as a member of a union, which cannot have its own order.
  private func member(asStep index: Int) -> SQLFragment {
    let names = outputs.map { SQLFragment.identifier($0.name) }
    return SQLFragment(sql: "SELECT ") + names.joined(", ") + SQLFragment(sql: " FROM (\n  ")
      + select(asStep: index).indented(by: 2) + SQLFragment(sql: "\n)")
  }

  /// The conditions on rows once the block aggregates; `conditions` then apply to groups.
  private var innerConditions: [SQLFragment] = []

  /// Makes the block return groups; its previous conditions select the rows.
  func aggregate(by keys: [SQLFragment]) {
    innerConditions = conditions
    conditions = []
    grouping = keys
  }
}
