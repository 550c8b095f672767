public import InsightsModel

/// The rows that `fillmissing` adds: one per period without a row, for every combination of keys.
public struct Filling: Hashable, Sendable {
  /// The column with the starts of the periods.
  public var bin: PlanColumn
  /// The start of the period after a row's period.
  public var next: BoundExpression
  /// The start of the period before it.
  public var previous: BoundExpression
  /// The minimum length of a period in milliseconds.
  public var leastLength: Int64
  /// The other keys of the groups.
  public var keys: [PlanColumn]
  /// The values of added rows; other columns are missing.
  public var values: [Value]
  /// The columns of `values`.
  public var columns: [PlanColumn]
}
