/// The columns that a query shows: what `fields` adds up, or the last `display`, or a default.
struct Selection {
  private var added: [PlanColumn] = []
  private var displayed: [PlanColumn]?
  private var fallback: [PlanColumn]

  init(fallback: [PlanColumn]) {
    self.fallback = fallback
  }

  var columns: [PlanColumn] { displayed ?? (added.isEmpty ? fallback : added) }

  /// Adds a column of `fields`; one that is there already stays where it is.
  mutating func add(_ column: PlanColumn) {
    if !added.contains(where: { $0.name == column.name }) { added.append(column) }
  }

  mutating func display(_ columns: [PlanColumn]) {
    displayed = columns.reduce(into: []) { unique, column in
      if !unique.contains(where: { $0.name == column.name }) { unique.append(column) }
    }
  }

  /// Starts over with the results of `stats`, to which `fields` may add.
  mutating func restart(with columns: [PlanColumn]) {
    added = columns
    displayed = nil
  }
}
