/// How the elements of a list become rows; a row without elements goes.
public struct Unnesting: Hashable, Sendable {
  /// JSON text of an array.
  public var list: BoundExpression
  /// The column of the element.
  public var element: PlanColumn
}
