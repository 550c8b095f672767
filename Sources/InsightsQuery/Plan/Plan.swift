public import InsightsModel

/// A query with resolved names and types: relational nodes, each over its input.
///
/// Many commands become few nodes; SQL is generated only from these.
public indirect enum Plan: Hashable, Sendable {
  /// Reads a relation.
  case scan(Scan)
  /// Keeps the rows for which the condition is true.
  case filter(Plan, BoundExpression)
  /// Adds columns.
  case extend(Plan, [NamedExpression])
  /// One row per combination of keys; without keys one row, or none if there is no input.
  case aggregate(Plan, keys: [NamedExpression], aggregates: [NamedExpression])
  case sort(Plan, [SortKey])
  case limit(Plan, Int)
  /// The first row per combination of columns in the current order; rows in which one is missing
  /// are all kept.
  case deduplicate(Plan, [PlanColumn])
  /// Adds columns computed from the rows around a row.
  case window(Plan, [WindowColumn])
  /// One row per element of a list.
  case unnest(Plan, Unnesting)
  /// Adds a last row with aggregates over all rows; other columns are missing there.
  case total(Plan, [NamedExpression])
  /// Adds rows for periods without any.
  case fill(Plan, Filling)
  /// Combines rows with those of another plan.
  case join(Plan, Join)
  /// The columns of the result, in order.
  case project(Plan, [PlanColumn])

  /// The input node.
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

  /// All scans, including those of nested plans, outermost first.
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

  /// The keys of the last aggregation; `nil` if there is none.
  public var groupKeys: [PlanColumn]? {
    if case .aggregate(_, let keys, _) = self { return keys.map(\.column) }
    if case .join(let input, let join) = self, case .qualified(let alias, _) = join.naming {
      return input.groupKeys?.map { $0.qualified(by: alias) }
    }
    return input?.groupKeys
  }
}

/// A column of a plan node; names are unique within a node and case-sensitive.
public struct PlanColumn: Hashable, Sendable {
  /// Unique within its node; case-sensitive.
  public var name: String
  /// The type of its values.
  public var type: ValueType
  /// Whether the query computed its values, rather than reading them from events.
  public var isComputed: Bool
  /// Whether its values are edges of periods, such as those of `bin`; groups by such a column are
  /// sorted newest first.
  public var isPeriodEdge: Bool
  /// Whether its values are unchanged numbers of Lambda's REPORT lines, also under another name.
  public var isReportNumber: Bool

  /// Makes a column.
  public init(
    _ name: String, _ type: ValueType, isComputed: Bool = false, isPeriodEdge: Bool = false,
    isReportNumber: Bool = false
  ) {
    self.name = name
    self.type = type
    self.isComputed = isComputed
    self.isPeriodEdge = isPeriodEdge
    self.isReportNumber = isReportNumber
  }

  /// The column of a system field of events.
  public init(_ field: SystemField) {
    self.init(field.rawValue, field.valueType, isReportNumber: field.isReportNumber)
  }

  /// Whether it is the unchanged time of an event.
  public var isTimeOfEvent: Bool { name == "@timestamp" && type == .timestamp && !isComputed }
}

/// A column that a node adds, with its expression over the columns of its input.
public struct NamedExpression: Hashable, Sendable {
  /// The column for later nodes.
  public var column: PlanColumn
  /// The expression of its values.
  public var expression: BoundExpression

  /// Makes a named expression.
  public init(column: PlanColumn, expression: BoundExpression) {
    self.column = column
    self.expression = expression
  }
}

/// A column that rows are ordered by; missing values come first in ascending order.
public struct SortKey: Hashable, Sendable {
  /// The column compared, in the order of `NaturalOrder`.
  public var column: PlanColumn
  /// Whether the largest value comes first.
  public var isDescending: Bool

  /// Makes a sort key.
  public init(column: PlanColumn, isDescending: Bool) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// The relation, the time range and the log groups that a query reads.
public struct Scan: Hashable, Sendable {
  /// The relation.
  public var relation: Relation
  /// Rows outside are not read; rows without a time are read only if it has no bounds.
  public var timeRange: TimeRange
  /// Globs for log group names; empty for all groups.
  public var logGroups: [String]

  /// Makes a scan.
  public init(relation: Relation, timeRange: TimeRange, logGroups: [String]) {
    self.relation = relation
    self.timeRange = timeRange
    self.logGroups = logGroups
  }
}
