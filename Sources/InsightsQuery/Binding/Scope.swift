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
    return hasDiscoveredFields ? PlanColumn(name, .any) : nil
  }

  /// Whether a column was defined under this name, as against discovered.
  func defines(_ name: String) -> Bool {
    columns.contains { $0.name == name }
  }

  mutating func define(_ column: PlanColumn) {
    columns.append(column)
  }
}
