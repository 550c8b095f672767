/// A column computed from the rows around each row.
public struct WindowColumn: Hashable, Sendable {
  /// Which rows a value is computed from, and their order.
  public enum Order: Hashable, Sendable {
    /// All rows.
    case none
    /// The row and those before it, in the order of the rows.
    case ofRows
    /// The row and those before it, in an order of its own.
    case by([SortKey])
  }

  /// The new column.
  public var column: PlanColumn
  /// The call over the rows: `sum`, `lag` and others.
  public var call: BoundExpression
  /// Only rows with equal values in these columns are included.
  public var partition: [PlanColumn]
  /// The order that decides which rows precede a row.
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
