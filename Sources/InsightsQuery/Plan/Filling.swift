public import InsightsModel

/// Which rows `fillmissing` adds: one per period without a row, for every combination of keys.
public struct Filling: Hashable, Sendable {
  /// The column of the periods' starts.
  public var bin: PlanColumn
  /// The start of the period behind the one that a row is of.
  public var next: BoundExpression
  /// The start of the period before it.
  public var previous: BoundExpression
  /// The shortest that a period is, milliseconds.
  public var leastLength: Int64
  /// The other keys of the groups.
  public var keys: [PlanColumn]
  /// What added rows have; other columns are missing.
  public var values: [Value]
  /// The columns of `values`.
  public var columns: [PlanColumn]
}
