/// The columns that a query shows: what `fields` adds up, or the last `display`, or a default.
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

  /// What a subquery hands on: only what it names itself, where it names something.
  var handedOn: [PlanColumn] { displayed ?? (chosen.isEmpty ? columns : chosen) }

  /// Adds a column of `fields`; one that is there already stays where it is.
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

  /// Puts a column in the place of the one of the same name.
  mutating func replace(_ column: PlanColumn) {
    func replaced(_ columns: [PlanColumn]) -> [PlanColumn] {
      columns.map { $0.name == column.name ? column : $0 }
    }
    added = replaced(added)
    chosen = replaced(chosen)
    displayed = displayed.map(replaced)
    fallback = replaced(fallback)
  }

  /// Adds a column to what is shown anyway.
  mutating func append(_ column: PlanColumn) {
    if displayed != nil {
      display(columns + [column])
    } else if added.isEmpty {
      // What `fields` chooses afterwards takes the place of what is shown unasked.
      Self.insert(column, into: &fallback)
    } else {
      Self.insert(column, into: &added)
    }
  }

  /// Starts over with the results of `stats`, to which `fields` may add.
  mutating func restart(with columns: [PlanColumn]) {
    added = columns
    chosen = []
    displayed = nil
  }
}
