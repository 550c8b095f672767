/// The columns of the result: those of all `fields` commands, or of the last `display`, or the
/// default ones.
struct Selection {
  private var added: [PlanColumn] = []
  private var displayed: [PlanColumn]?
  /// The columns of `fields` alone.
  private var chosen: [PlanColumn] = []
  private var fallback: [PlanColumn]

  init(fallback: [PlanColumn]) {
    self.fallback = fallback
  }

  var columns: [PlanColumn] { displayed ?? (added.isEmpty ? fallback : added) }

  /// The columns that a subquery passes on: only those that it names itself, if any.
  var handedOn: [PlanColumn] { displayed ?? (chosen.isEmpty ? columns : chosen) }

  /// Adds a column of `fields`; an existing one keeps its place.
  mutating func add(_ column: PlanColumn) {
    Self.insert(column, into: &added)
    Self.insert(column, into: &chosen)
  }

  private static func insert(_ column: PlanColumn, into columns: inout [PlanColumn]) {
    if !columns.contains(where: { $0.name == column.name }) { columns.append(column) }
  }

  mutating func display(_ columns: [PlanColumn]) {
    displayed = columns.reduce(into: []) { unique, column in
      if !unique.contains(where: { $0.name == column.name }) { unique.append(column) }
    }
  }

  /// Replaces the column with the same name.
  mutating func replace(_ column: PlanColumn) {
    func replaced(_ columns: [PlanColumn]) -> [PlanColumn] {
      columns.map { $0.name == column.name ? column : $0 }
    }
    added = replaced(added)
    chosen = replaced(chosen)
    displayed = displayed.map(replaced)
    fallback = replaced(fallback)
  }

  /// Adds a column to those that are shown by default.
  mutating func append(_ column: PlanColumn) {
    if displayed != nil {
      display(columns + [column])
    } else if added.isEmpty {
      // A later `fields` replaces the default columns.
      Self.insert(column, into: &fallback)
    } else {
      Self.insert(column, into: &added)
    }
  }

  /// Restarts with the results of `stats`, to which `fields` may add.
  mutating func restart(with columns: [PlanColumn]) {
    added = columns
    chosen = []
    displayed = nil
  }
}
