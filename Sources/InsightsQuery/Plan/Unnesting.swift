/// How the elements of a list become rows.
public struct Unnesting: Hashable, Sendable {
  /// JSON text of an array; anything missing has no elements.
  public var list: BoundExpression
  /// The column of the element.
  public var element: PlanColumn
  /// Whether a row without elements stays, with the element missing.
  public var keepsEmpty: Bool
  /// The command that asks for it, which may not make too many rows; `nil` where they are few.
  public var command: String?
}
