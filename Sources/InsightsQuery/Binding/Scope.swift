internal import InsightsModel

/// The names that a command can use at its place in the pipeline.
struct Scope {
  /// What was defined or read so far, in order of definition.
  private(set) var columns: [PlanColumn]
  /// Whether any other name is a discovered field, known only event by event.
  let hasDiscoveredFields: Bool

  init(of relation: Relation) {
    columns = relation.columns
    hasDiscoveredFields = relation.hasDiscoveredFields
  }

  /// After `stats` only its results remain.
  init(columns: [PlanColumn]) {
    self.columns = columns
    hasDiscoveredFields = false
  }

  /// The column that a name stands for, `nil` when nothing is called so.
  func lookUp(_ name: String) -> PlanColumn? {
    if let column = columns.first(where: { $0.name == name }) { return column }
    return hasDiscoveredFields ? PlanColumn(FieldPath(name).flattened, .any) : nil
  }

  /// The column that holds a map or a list, and the keys of the part of it that a name stands for;
  /// `nil` where the name is a column itself, or part of nothing.
  func structure(behind name: String) -> (column: PlanColumn, keys: [String])? {
    guard !defines(name) else { return nil }
    let keys = FieldPath(name).keys
    let path = keys.joined(separator: ".")
    // Of columns that the path begins with, the one with the longest name counts.
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

  /// Whether a column was defined under this name, as against discovered.
  func defines(_ name: String) -> Bool {
    columns.contains { $0.name == name }
  }

  mutating func define(_ column: PlanColumn) {
    columns.append(column)
  }

  /// Puts a column in the place of one of the same name, where there is one.
  mutating func redefine(_ column: PlanColumn) {
    if let index = columns.firstIndex(where: { $0.name == column.name }) {
      columns[index] = column
    } else {
      columns.append(column)
    }
  }
}
