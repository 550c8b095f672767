/// The conversion of the elements of a list to rows.
public struct Unnesting: Hashable, Sendable {
  /// JSON text of an array; a missing value has no elements.
  public var list: BoundExpression
  /// The column of the element.
  public var element: PlanColumn
  /// Whether a row without elements is kept, with the element missing.
  public var keepsEmpty: Bool
  /// The command that unnests, to which the row limit applies; `nil` if there are few elements.
  public var command: String?
}
