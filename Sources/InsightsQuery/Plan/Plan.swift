public import InsightsModel

/// A query resolved and typed: relational nodes, each over the one below.
///
/// Many commands become few nodes; SQL is generated from these alone.
public indirect enum Plan: Hashable, Sendable {
  /// Reads a relation.
  case scan(Scan)
  /// Keeps the rows for which the condition is true.
  case filter(Plan, BoundExpression)
  /// Adds columns.
  case extend(Plan, [NamedExpression])
  /// One row per combination of keys; one row in all without keys, none when there is no input.
  case aggregate(Plan, keys: [NamedExpression], aggregates: [NamedExpression])
  case sort(Plan, [SortKey])
  case limit(Plan, Int)
  /// The first row per combination of columns in the current order; rows where one is missing all stay.
  case deduplicate(Plan, [PlanColumn])
  /// Adds columns computed from the rows around a row.
  case window(Plan, [WindowColumn])
  /// One row per element of a list.
  case unnest(Plan, Unnesting)
  /// Adds a last row of aggregates over all rows; columns without one are missing there.
  case total(Plan, [NamedExpression])
  /// Adds rows for the periods that no row is of.
  case fill(Plan, Filling)
  /// Puts rows of another plan beside those of this one.
  case join(Plan, Join)
  /// The columns of the result, in order.
  case project(Plan, [PlanColumn])

  /// The node below.
  public var input: Plan? {
    switch self {
    case .scan: nil
    case .filter(let input, _), .extend(let input, _), .aggregate(let input, _, _),
      .sort(let input, _), .limit(let input, _), .deduplicate(let input, _),
      .window(let input, _), .unnest(let input, _), .total(let input, _),
      .fill(let input, _), .join(let input, _), .project(let input, _):
      input
    }
  }

  /// What the plan reads, that of plans inside it included, outermost first.
  public var scans: [Scan] {
    switch self {
    case .scan(let scan): [scan]
    case .filter(let input, let condition): input.scans + condition.subqueries.flatMap(\.scans)
    case .extend(let input, let columns):
      input.scans + columns.flatMap { $0.expression.subqueries.flatMap(\.scans) }
    case .aggregate(let input, let keys, let aggregates):
      input.scans + (keys + aggregates).flatMap { $0.expression.subqueries.flatMap(\.scans) }
    case .join(let input, let join): input.scans + join.right.scans
    case .sort, .limit, .deduplicate, .window, .unnest, .total, .fill, .project:
      input?.scans ?? []
    }
  }

  /// What the last aggregation grouped by; `nil` where there is none.
  public var groupKeys: [PlanColumn]? {
    if case .aggregate(_, let keys, _) = self { return keys.map(\.column) }
    if case .join(let input, let join) = self, case .qualified(let alias, _) = join.naming {
      return input.groupKeys?.map { $0.qualified(by: alias) }
    }
    return input?.groupKeys
  }
}

/// A column of a plan node; names are unique within a node and distinguish case.
public struct PlanColumn: Hashable, Sendable {
  /// Unique within its node; case matters.
  public var name: String
  /// What its values may be.
  public var type: ValueType
  /// Whether the query computed its values, as against reading them from events.
  public var isComputed: Bool
  /// Whether its values are edges of periods, as `bin` gives them: groups by it come newest first.
  public var isPeriodEdge: Bool

  public init(
    _ name: String, _ type: ValueType, isComputed: Bool = false, isPeriodEdge: Bool = false
  ) {
    self.name = name
    self.type = type
    self.isComputed = isComputed
    self.isPeriodEdge = isPeriodEdge
  }

  /// Whether it is the time of an event as it was read.
  public var isTimeOfEvent: Bool { name == "@timestamp" && type == .timestamp && !isComputed }
}

/// A column that a node adds, and how it is computed from those of its input.
public struct NamedExpression: Hashable, Sendable {
  /// The column as later nodes see it.
  public var column: PlanColumn
  /// What gives its values.
  public var expression: BoundExpression

  public init(column: PlanColumn, expression: BoundExpression) {
    self.column = column
    self.expression = expression
  }
}

/// A column that rows are ordered by; missing values come first in ascending order.
public struct SortKey: Hashable, Sendable {
  /// The column compared; see `NaturalOrder` for how values compare.
  public var column: PlanColumn
  /// Whether the largest value comes first.
  public var isDescending: Bool

  public init(column: PlanColumn, isDescending: Bool) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// Which rows of which relation a query reads.
public struct Scan: Hashable, Sendable {
  /// Where rows come from.
  public var relation: Relation
  /// Rows outside are not read; rows without a time are read only where it has no bounds.
  public var timeRange: TimeRange
  /// Globs over log group names; empty for all groups.
  public var logGroups: [String]

  public init(relation: Relation, timeRange: TimeRange, logGroups: [String]) {
    self.relation = relation
    self.timeRange = timeRange
    self.logGroups = logGroups
  }
}
