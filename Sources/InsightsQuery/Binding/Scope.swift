internal import InsightsModel

/// The names that a command can use at its position in the pipeline.
struct Scope {
  /// The columns defined or read so far, in order of definition.
  private(set) var columns: [PlanColumn]
  /// Whether any other name is a discovered field, whose type is known only event by event.
  let hasDiscoveredFields: Bool
  /// The sides of a join, left one first; empty without a join.
  private var sides: [Side] = []

  /// A side of a join: its names are qualified by its alias and a dot.
  private struct Side {
    var alias: String
    var hasDiscoveredFields: Bool
  }

  init(of relation: Relation) {
    columns = relation.columns
    hasDiscoveredFields = relation.hasDiscoveredFields
  }

  /// After `stats` only its results remain.
  init(columns: [PlanColumn]) {
    self.columns = columns
    hasDiscoveredFields = false
  }

  /// Combines the names of two sides, each qualified by its alias.
  init(joining left: Scope, as leftAlias: String, with right: Scope, as rightAlias: String) {
    columns =
      left.columns.map { $0.qualified(by: leftAlias) }
      + right.columns.map { $0.qualified(by: rightAlias) }
    hasDiscoveredFields = false
    sides = [
      Side(alias: leftAlias, hasDiscoveredFields: left.hasDiscoveredFields),
      Side(alias: rightAlias, hasDiscoveredFields: right.hasDiscoveredFields),
    ]
  }

  var isJoined: Bool { !sides.isEmpty }

  /// Returns the column with a name; `nil` if there is none.
  ///
  /// After a join a name without an alias means the left side.
  func lookUp(_ name: String) -> PlanColumn? {
    if let column = columns.first(where: { $0.name == name }) { return column }
    if let (side, field) = qualified(name) {
      return side.hasDiscoveredFields
        ? PlanColumn(field.flattened, .any).qualified(by: side.alias) : nil
    }
    if let left = sides.first { return lookUp("\(left.alias).\(name)") }
    return hasDiscoveredFields ? PlanColumn(FieldPath(name).flattened, .any) : nil
  }

  /// Returns the alias of the side that is implied for a name without an alias.
  func impliedAlias(of name: String) -> String? {
    defines(name) || qualified(name) != nil ? nil : sides.first?.alias
  }

  /// Returns a name without the alias of its side.
  func fieldName(of name: String) -> String {
    qualified(name)?.field.flattened ?? name
  }

  private func qualified(_ name: String) -> (side: Side, field: FieldPath)? {
    let keys = FieldPath(name).keys
    guard keys.count > 1, let side = sides.first(where: { $0.alias == keys[0] }) else { return nil }
    return (side, FieldPath(FieldPath.name(keys[1], keys: Array(keys.dropFirst(2)))))
  }

  /// Returns the column with a map or a list, and the keys of the part that a name refers to; `nil`
  /// if the name is itself a column, or is part of nothing.
  func structure(behind name: String) -> (column: PlanColumn, keys: [String])? {
    guard !defines(name) else { return nil }
    let keys = FieldPath(name).keys
    let path = keys.joined(separator: ".")
    // Of the columns that are a prefix of the path, the longest name counts.
    var found: (column: PlanColumn, keys: [String])?
    for column in columns where column.name.utf8.count > found?.column.name.utf8.count ?? 0 {
      guard path.utf8.starts(with: column.name.utf8) else { continue }
      var end = -1
      let count = keys.prefix { key in
        end += key.utf8.count + 1
        return end <= column.name.utf8.count
      }.count
      let isWhole = keys[..<count].reduce(-1) { $0 + $1.utf8.count + 1 } == column.name.utf8.count
      if isWhole, count < keys.count { found = (column, Array(keys[count...])) }
    }
    return found.flatMap { $0.column.type.mayBeStructure ? $0 : nil }
  }

  /// Whether a name is a field of the relation, rather than computed by the query.
  func isField(_ name: String, of relation: Relation) -> Bool {
    relation.column(named: name).map { columns.contains($0) } == true
  }

  /// Whether a name refers to a column or a part of one.
  func knows(_ name: String) -> Bool { lookUp(name) != nil || structure(behind: name) != nil }

  /// Whether a column was defined under this name, rather than discovered.
  func defines(_ name: String) -> Bool {
    columns.contains { $0.name == name }
  }

  mutating func define(_ column: PlanColumn) {
    columns.append(column)
  }

  /// Replaces the column with the same name, if there is one.
  mutating func redefine(_ column: PlanColumn) {
    if let index = columns.firstIndex(where: { $0.name == column.name }) {
      columns[index] = column
    } else {
      columns.append(column)
    }
  }
}

extension PlanColumn {
  /// The column as it is called behind a join.
  func qualified(by alias: String) -> PlanColumn {
    PlanColumn(
      "\(alias).\(name)", type, isComputed: isComputed, isPeriodEdge: isPeriodEdge,
      isReportNumber: isReportNumber)
  }
}
