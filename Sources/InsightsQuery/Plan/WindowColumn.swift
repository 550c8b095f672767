/// A column computed from rows around each row.
public struct WindowColumn: Hashable, Sendable {
  /// Which of the rows a value is computed from, and in which order they come.
  public enum Order: Hashable, Sendable {
    /// All rows.
    case none
    /// The row and those before it, in the order that the rows have.
    case ofRows
    /// The row and those before it, in an order of their own.
    case by([SortKey])
  }

  /// What the rows have besides from then on.
  public var column: PlanColumn
  /// The call over the rows: `sum`, `lag` and the like.
  public var call: BoundExpression
  /// Only rows that agree in these columns are looked at.
  public var partition: [PlanColumn]
  /// In which order rows count as before the row.
  public var order: Order

  init(
    _ column: PlanColumn, _ call: BoundExpression, partition: [PlanColumn] = [],
    order: Order = .ofRows
  ) {
    self.column = column
    self.call = call
    self.partition = partition
    self.order = order
  }
}
