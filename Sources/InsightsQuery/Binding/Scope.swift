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
    for count in stride(from: keys.count - 1, to: 0, by: -1) {
      let base = keys[..<count].joined(separator: ".")
      guard let column = columns.first(where: { $0.name == base }) else { continue }
      guard column.type.mayBeStructure else { return nil }
      return (column, Array(keys[count...]))
    }
    return nil
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
