/// What a statement needs of a relation, so that a store can do the work while it reads.
///
/// A provider that honours a request must give exactly the rows that the request describes; one
/// that cannot runs the complete statement instead.
public struct ScanRequest: Hashable, Sendable {
  /// A value under a name.
  public struct Column: Hashable, Sendable {
    public var name: String
    public var expression: ScanExpression

    public init(name: String, expression: ScanExpression) {
      self.name = name
      self.expression = expression
    }
  }

  /// One key of an order; missing values are the least.
  public struct OrderKey: Hashable, Sendable {
    public var expression: ScanExpression
    /// Whether the largest comes first.
    public var isDescending: Bool
    /// By the language's natural order; else numbers by value and text by code points.
    public var isNatural: Bool

    public init(expression: ScanExpression, isDescending: Bool, isNatural: Bool) {
      self.expression = expression
      self.isDescending = isDescending
      self.isNatural = isNatural
    }
  }

  /// A result over the rows of a group.
  public struct Aggregate: Hashable, Sendable {
    public var name: String
    public var function: FunctionID
    /// `nil` only for `rowCount`.
    public var argument: ScanExpression?
    /// The percentage of `percentile`.
    public var percentage: Double

    public init(
      name: String, function: FunctionID, argument: ScanExpression?, percentage: Double = 0
    ) {
      self.name = name
      self.function = function
      self.argument = argument
      self.percentage = percentage
    }
  }

  /// What the scan gives.
  public enum Output: Hashable, Sendable {
    /// The selected rows; with a limit, the first so many in the order, which is that of the input
    /// where `order` is empty. They may come in any order if there is a limit, else in that of the
    /// input.
    case rows(order: [OrderKey], limit: Int?)
    /// One row per combination of keys, none where no row was selected; in any order. Groups of
    /// fewer rows than `leastRowCount` may be left out.
    case groups(keys: [Column], aggregates: [Aggregate], leastRowCount: Int = 1)
  }

  /// Events outside are not read.
  public var timeRange: TimeRange
  /// Globs over the names of log groups, one of which must match; empty for all groups.
  public var logGroups: [String]
  /// All must be true of a row.
  public var conditions: [ScanExpression]
  /// Rows, or groups of them.
  public var output: Output
  /// Values that the scan computes for each row it gives, besides the fields of the relation.
  public var computed: [Column]

  public init(
    timeRange: TimeRange = .everything, logGroups: [String] = [],
    conditions: [ScanExpression] = [], output: Output = .rows(order: [], limit: nil),
    computed: [Column] = []
  ) {
    self.timeRange = timeRange
    self.logGroups = logGroups
    self.conditions = conditions
    self.output = output
    self.computed = computed
  }
}

extension ScanRequest: CustomStringConvertible {
  /// The request as `explain --stage sqlite` shows it, one line each for what is asked.
  public var description: String {
    var lines: [String] = []
    if let start = timeRange.start { lines.append("from \(start)") }
    if let end = timeRange.end { lines.append("until \(end)") }
    if !logGroups.isEmpty { lines.append("of " + logGroups.joined(separator: ", ")) }
    lines += conditions.map { "where \($0)" }
    lines += computed.map { "\"\($0.name)\" = \($0.expression)" }
    switch output {
    case .rows(let order, let limit):
      if let limit {
        let keys = order.map { "\($0.expression)\($0.isDescending ? " desc" : "")" }
        lines.append("first \(limit)" + (keys.isEmpty ? "" : " by " + keys.joined(separator: ", ")))
      }
    case .groups(let keys, let aggregates, let leastRowCount):
      lines += aggregates.map { aggregate in
        let argument = aggregate.argument.map(\.description) ?? "*"
        let percentage = aggregate.function == .percentile ? ", \(aggregate.percentage)" : ""
        return "\"\(aggregate.name)\" = \(aggregate.function.rawValue)(\(argument)\(percentage))"
      }
      lines += keys.map { "by \"\($0.name)\" = \($0.expression)" }
      if leastRowCount > 1 { lines.append("groups of at least \(leastRowCount)") }
    }
    return lines.joined(separator: "\n")
  }
}
