internal import InsightsQuery

/// One SELECT being filled while the generator walks up the plan.
///
/// A class, because a block on top asks it for further columns as it needs them: every SELECT gives
/// just the columns that are used.
final class SelectBlock {
  enum Source {
    case relation(StatementContext.RelationColumns)
    case block(SelectBlock)
    /// The rows of a block, once for each element of a JSON array that it gives as a column.
    case unnested(SelectBlock, list: String, keepsEmpty: Bool, counter: RowCounter?)
    /// The rows of two blocks that give the same columns.
    case union(SelectBlock, SelectBlock)
    case filled(FillSource)
    case joined(JoinSource)
  }

  private(set) var source: Source
  /// Columns that this block computes.
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
  /// Whether SQLite is not to know the limit beforehand, see `hideLimits`.
  private var hidesLimit = false
  /// Whether columns that the block does not define are missing, whatever its source has.
  var hasOnlyDefinedColumns = false

  init(from source: Source) {
    self.source = source
  }

  var isAggregated: Bool { grouping != nil }

  /// The SQL for a column of the plan, at the place of this block's WHERE, GROUP BY and ORDER BY.
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

  /// Adds a column that this block computes; `nesting` as in `BoundExpression.nesting(in:_:)`.
  func define(_ name: String, as fragment: SQLFragment, nesting: Int) {
    defined[name] = fragment
    nestings[name] = nesting
  }

  /// How deep the SQL of a column nests here.
  func nesting(of name: String) -> Int { nestings[name] ?? 0 }

  /// Adds a plan column to the SELECT list, once, and gives its name there.
  func output(_ name: String) -> String {
    if let output = outputsOfPlan[name] { return output }
    return addOutput(resolve(name), like: name, planName: name)
  }

  /// Adds a column that the plan does not know, and gives its name.
  func addOutput(_ fragment: SQLFragment, like name: String, planName: String? = nil) -> String {
    let unique = names.name(like: name)
    outputs.append((unique, planName, fragment))
    if let planName { outputsOfPlan[planName] = unique }
    return unique
  }

  /// The SELECT list so far: names in SQL, and of the plan where it knows the column.
  var outputNames: [(name: String, planName: String?)] { outputs.map { ($0.name, $0.planName) } }

  /// The block that this one reads as the step before it.
  private var precedingStep: SelectBlock? {
    switch source {
    case .block(let inner), .unnested(let inner, _, _, _): inner
    case .joined(let join): join.left
    case .filled(let fill): fill.groups
    // Both are over the same block.
    case .union(let first, _): first.precedingStep
    case .relation: nil
    }
  }

  /// Writes the limits of this block and the steps before it as sums, for rows that are looked up by
  /// a key.
  ///
  /// SQLite takes a constant limit for the number of rows. Where that is some thousand, it would go
  /// through all of them for each lookup, and not make an index.
  func hideLimits() {
    hidesLimit = true
    precedingStep?.hideLimits()
  }

  /// The statement: blocks inside this one come first, as steps that follow each other, since SQLite
  /// takes no more than 14 SELECTs inside each other.
  ///
  /// `preparations` are parts of the WITH clause that come before all steps.
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
    // Without GROUP BY it is an aggregate in the SELECT list that makes one row of all.
    if grouping?.isEmpty == true, !outputs.contains(where: { $0.fragment.isAggregate }) {
      columns.append(SQLFragment(sql: "count(*)"))
    }
    var sql = SQLFragment(sql: "SELECT ")
    sql += columns.isEmpty ? SQLFragment(sql: "1") : columns.joined(", ")
    sql += SQLFragment(sql: "\nFROM ")
    sql += renderedSource(asStep: index)
    let having = isAggregated ? conditions : []
    let whereConditions = isAggregated ? innerConditions : conditions
    if !whereConditions.isEmpty {
      sql += SQLFragment(sql: "\nWHERE ") + whereConditions.joined("\n  AND ")
    }
    if let grouping, !grouping.isEmpty {
      sql += SQLFragment(sql: "\nGROUP BY ") + grouping.joined(", ")
    }
    if !having.isEmpty { sql += SQLFragment(sql: "\nHAVING ") + having.joined("\n  AND ") }
    if !order.isEmpty { sql += SQLFragment(sql: "\nORDER BY ") + order.joined(", ") }
    if let limit {
      sql += SQLFragment(sql: "\nLIMIT ") + .number(Int64(limit))
      if hidesLimit { sql += SQLFragment(sql: " + 0") }
    }
    return sql
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

  /// Tells rows that are filled in that only the first so many are wanted, in the order of periods.
  ///
  /// False where the block has other rows, or leaves some of them out.
  func limitFilledRows(to count: Int, isDescending: Bool) {
    guard case .filled(var fill) = source, conditions.isEmpty, !isAggregated else { return }
    fill.wanted = (count, isDescending)
    source = .filled(fill)
  }

  /// The block as a part of a union, which can have no order itself.
  private func member(asStep index: Int) -> SQLFragment {
    let names = outputs.map { SQLFragment.identifier($0.name) }
    return SQLFragment(sql: "SELECT ") + names.joined(", ") + SQLFragment(sql: " FROM (\n  ")
      + select(asStep: index).indented(by: 2) + SQLFragment(sql: "\n)")
  }

  /// The conditions on rows, once the block aggregates; `conditions` are then those on groups.
  private var innerConditions: [SQLFragment] = []

  /// Turns the block into one that gives groups: what it has so far selects the rows.
  func aggregate(by keys: [SQLFragment]) {
    innerConditions = conditions
    conditions = []
    grouping = keys
  }
}
