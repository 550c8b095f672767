internal import InsightsModel
internal import InsightsQuery

/// One SELECT being filled while the generator walks up the plan.
///
/// A class, because a block on top asks it for further columns as it needs them: every SELECT gives
/// just the columns that are used.
final class SelectBlock {
  enum Source {
    case relation(String)
    case block(SelectBlock)
    /// The rows of a block, once for each element of a JSON array that it gives as a column.
    case unnested(SelectBlock, list: String, keepsEmpty: Bool)
    /// The rows of two blocks that give the same columns.
    case union(SelectBlock, SelectBlock)
    case filled(FillSource)
  }

  private let source: Source
  /// What the relation gives, in order of first use.
  private(set) var relationColumns: [SQLRelation.Column] = []
  /// Columns that this block computes.
  private var defined: [String: SQLFragment] = [:]
  private var nestings: [String: Int] = [:]
  private var outputs: [(name: String, planName: String?, fragment: SQLFragment)] = []

  var conditions: [SQLFragment] = []
  /// The keys of GROUP BY; `nil` while the block does not aggregate.
  var grouping: [SQLFragment]?
  var order: [SQLFragment] = []
  var limit: Int?
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
    case .relation: return .identifier(relationColumn(name))
    case .block(let inner): return .identifier(inner.output(name))
    case .unnested(let inner, _, _):
      return SQLFragment(sql: "\"row\".") + .identifier(inner.output(name))
    case .union(let first, let second):
      let output = first.output(name)
      _ = second.output(name)
      return .identifier(output)
    case .filled(let fill): return .identifier(fill.groups.output(name))
    }
  }

  /// Adds a column that this block computes; `nesting` as in `BoundExpression.nesting(of:)`.
  func define(_ name: String, as fragment: SQLFragment, nesting: Int) {
    defined[name] = fragment
    nestings[name] = nesting
  }

  /// How deep the SQL of a column nests here.
  func nesting(of name: String) -> Int { nestings[name] ?? 0 }

  /// Adds a plan column to the SELECT list, once, and gives its name there.
  func output(_ name: String) -> String {
    if let output = outputs.first(where: { $0.planName == name }) { return output.name }
    return addOutput(resolve(name), like: name, planName: name)
  }

  /// Adds a column that the plan does not know, and gives its name.
  func addOutput(_ fragment: SQLFragment, like name: String, planName: String? = nil) -> String {
    let unique = uniqueName(like: name, among: outputs.map(\.name))
    outputs.append((unique, planName, fragment))
    return unique
  }

  /// The SELECT list so far: names in SQL, and of the plan where it knows the column.
  var outputNames: [(name: String, planName: String?)] { outputs.map { ($0.name, $0.planName) } }

  private func relationColumn(_ field: String) -> String {
    if let column = relationColumns.first(where: { $0.field == field }) { return column.name }
    let column = SQLRelation.Column(
      field: field, name: uniqueName(like: field, among: relationColumns.map(\.name)))
    relationColumns.append(column)
    return column.name
  }

  /// SQL ignores case in names, the language does not: `Level` beside `level` becomes `Level:2`.
  ///
  /// Nor can a name be empty, hold a NUL, at which SQLite stops reading, or be `true` or `false`, which
  /// SQLite does not keep as the name of a column.
  private func uniqueName(like name: String, among others: [String]) -> String {
    let name = String(String.UnicodeScalarView(name.unicodeScalars.filter { $0 != "\0" }))
    let taken = Set(others.map { $0.lowercased() } + ["", "true", "false"])
    guard taken.contains(name.lowercased()) else { return name }
    var number = 2
    while taken.contains("\(name):\(number)".lowercased()) { number += 1 }
    return "\(name):\(number)"
  }

  /// The relation at the bottom.
  var relation: SQLRelation {
    switch source {
    case .relation(let name): SQLRelation(name: name, columns: relationColumns)
    case .block(let inner), .unnested(let inner, _, _), .union(let inner, _): inner.relation
    case .filled(let fill): fill.groups.relation
    }
  }

  /// The statement: blocks inside this one come first, as steps that follow each other, since SQLite
  /// takes no more than 14 SELECTs inside each other.
  func rendered() -> SQLFragment {
    var steps: [SelectBlock] = []
    var outermost = self
    while case .block(let inner) = outermost.source {
      steps.insert(inner, at: 0)
      outermost = inner
    }
    let clauses = steps.enumerated().map { index, step in
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
    if case .block = source {
      sql += Self.stepName(index - 1)
    } else {
      sql += renderedSource
    }
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
    if let limit { sql += SQLFragment(sql: "\nLIMIT ") + .number(Int64(limit)) }
    return sql
  }

  private var renderedSource: SQLFragment {
    switch source {
    case .relation(let name): return .identifier(name)
    case .block(let inner): return inner.parenthesized
    case .unnested(let inner, let list, let keepsEmpty):
      return inner.parenthesized + SQLFragment(sql: " AS \"row\"")
        + (keepsEmpty ? SQLFragment(sql: "\nLEFT JOIN ") : SQLFragment(sql: "\nJOIN "))
        + SQLFragment(sql: "json_each(\"row\".") + .identifier(list)
        + SQLFragment(sql: ") AS \"element\"")
    case .union(let first, let second):
      return SQLFragment(sql: "(\n  ") + first.member.indented(by: 2)
        + SQLFragment(sql: "\n  UNION ALL\n  ") + second.member.indented(by: 2)
        + SQLFragment(sql: "\n)")
    case .filled(let fill): return fill.rendered()
    }
  }

  /// The block as a table of another one's FROM.
  var parenthesized: SQLFragment {
    SQLFragment(sql: "(\n  ") + rendered().indented(by: 2) + SQLFragment(sql: "\n)")
  }

  /// The block as a part of a union, which can have neither steps nor an order itself.
  private var member: SQLFragment {
    let names = outputs.map { SQLFragment.identifier($0.name) }
    return SQLFragment(sql: "SELECT ") + names.joined(", ") + SQLFragment(sql: " FROM ")
      + parenthesized
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
