/// A part of a statement's work on a relation that a scan can perform.
///
/// A provider that accepts a request must return exactly the rows that it describes; otherwise the
/// complete statement is run instead.
public struct ScanRequest: Hashable, Sendable {
  /// A value with a name.
  public struct Column: Hashable, Sendable {
    /// The name, unique in its request.
    public var name: String
    /// The expression of its values.
    public var expression: ScanExpression

    /// Makes a column.
    public init(name: String, expression: ScanExpression) {
      self.name = name
      self.expression = expression
    }
  }

  /// A sort key; missing values are the least.
  public struct OrderKey: Hashable, Sendable {
    /// The expression that is compared.
    public var expression: ScanExpression
    /// Whether the largest comes first.
    public var isDescending: Bool
    /// Whether the order is the language's natural order; otherwise numbers are ordered by value
    /// and texts by code points.
    public var isNatural: Bool

    /// Makes a sort key.
    public init(expression: ScanExpression, isDescending: Bool, isNatural: Bool) {
      self.expression = expression
      self.isDescending = isDescending
      self.isNatural = isNatural
    }
  }

  /// An aggregate over the rows of a group.
  public struct Aggregate: Hashable, Sendable {
    /// The name of the result.
    public var name: String
    /// The aggregate function.
    public var function: FunctionID
    /// `nil` only for `rowCount`.
    public var argument: ScanExpression?
    /// The time of a value, for `earliest` and `latest`.
    public var time: ScanExpression?
    /// The percentage of `percentile`.
    public var percentage: Double

    /// Makes an aggregate.
    public init(
      name: String, function: FunctionID, argument: ScanExpression?, time: ScanExpression? = nil,
      percentage: Double = 0
    ) {
      self.name = name
      self.function = function
      self.argument = argument
      self.time = time
      self.percentage = percentage
    }
  }

  /// The rows that the scan returns.
  public enum Output: Hashable, Sendable {
    /// The selected rows; with a limit, the first ones in the order, which is the input order if
    /// `order` is empty.
    ///
    /// With a limit they may be returned in any order, otherwise in input order.
    case rows(order: [OrderKey], limit: Int?)
    /// One row per combination of keys, none if no row was selected; in any order.
    ///
    /// Groups of fewer rows than `leastRowCount` may be omitted.
    case groups(keys: [Column], aggregates: [Aggregate], leastRowCount: Int = 1)
  }

  /// A further step, which processes the rows that the previous steps return.
  public struct Stage: Hashable, Sendable {
    /// Keeps only the first row, in an order, of the rows with equal keys.
    ///
    /// Rows in which a key is missing are all kept.
    public struct Firsts: Hashable, Sendable {
      /// The keys that identify duplicates.
      public var keys: [ScanExpression]
      /// The order that determines the first row.
      public var order: [OrderKey]

      /// Makes a selection of first rows.
      public init(keys: [ScanExpression], order: [OrderKey]) {
        self.keys = keys
        self.order = order
      }
    }

    /// The conditions, all of which must be true for a row.
    public var conditions: [ScanExpression]
    /// The columns that are computed for each row.
    public var computed: [Column]
    /// Which of the rows that meet the conditions are kept; `nil` for all.
    public var firsts: Firsts?
    /// The rows or groups that the stage returns.
    public var output: Output

    /// Makes a stage.
    public init(
      conditions: [ScanExpression] = [], computed: [Column] = [], firsts: Firsts? = nil,
      output: Output = .rows(order: [], limit: nil)
    ) {
      self.conditions = conditions
      self.computed = computed
      self.firsts = firsts
      self.output = output
    }

    /// Whether the stage returns its input unchanged.
    public var isEmpty: Bool { self == Stage() }
  }

  /// Events outside are not read.
  public var timeRange: TimeRange
  /// Globs for the names of log groups; a name must match one of them; empty for all groups.
  public var logGroups: [String]
  /// The conditions, all of which must be true for a row.
  public var conditions: [ScanExpression]
  /// Which of the rows that meet the conditions are kept; `nil` for all.
  ///
  /// Only with a limit, in the same order, and only for scanners with the capability `hasFirsts`;
  /// those with `hasStages` get a stage instead.
  public var firsts: Stage.Firsts?
  /// Rows, or groups of them.
  public var output: Output
  /// Values that the scan computes for each returned row, in addition to the fields of the
  /// relation.
  public var computed: [Column]
  /// The further steps, in order, before rows are returned.
  ///
  /// A name refers to a column that an earlier stage defines, or otherwise to a field of the
  /// relation; after a grouping, only to its keys and results. The rows that a stage returns have
  /// no order. Only scanners with the capability `hasStages` support stages.
  public var stages: [Stage]

  /// Makes a request.
  public init(
    timeRange: TimeRange = .everything, logGroups: [String] = [],
    conditions: [ScanExpression] = [], firsts: Stage.Firsts? = nil,
    output: Output = .rows(order: [], limit: nil), computed: [Column] = [], stages: [Stage] = []
  ) {
    self.timeRange = timeRange
    self.logGroups = logGroups
    self.conditions = conditions
    self.firsts = firsts
    self.output = output
    self.computed = computed
    self.stages = stages
  }
}

extension ScanRequest: CustomStringConvertible {
  /// The form of `explain --stage sqlite`, one line per part.
  public var description: String {
    var lines: [String] = []
    if let start = timeRange.start { lines.append("from \(start)") }
    if let end = timeRange.end { lines.append("until \(end)") }
    if !logGroups.isEmpty { lines.append("of " + logGroups.joined(separator: ", ")) }
    let first = Stage(
      conditions: conditions, computed: computed, firsts: firsts, output: output)
    lines += first.lines
    for stage in stages { lines += ["then"] + stage.lines }
    return lines.joined(separator: "\n")
  }
}

extension ScanRequest.OrderKey {
  fileprivate var shown: String { "\(expression)\(isDescending ? " desc" : "")" }
}

extension ScanRequest.Stage {
  /// The description of the request, one line per part.
  fileprivate var lines: [String] {
    var lines = conditions.map { "where \($0)" }
    lines += computed.map { "\"\($0.name)\" = \($0.expression)" }
    if let firsts {
      lines.append(
        "first for each " + firsts.keys.map(\.description).joined(separator: ", ") + " by "
          + firsts.order.map(\.shown).joined(separator: ", "))
    }
    switch output {
    case .rows(let order, let limit):
      if let limit {
        let keys = order.map(\.shown)
        lines.append("first \(limit)" + (keys.isEmpty ? "" : " by " + keys.joined(separator: ", ")))
      }
    case .groups(let keys, let aggregates, let leastRowCount):
      lines += aggregates.map { aggregate in
        let argument =
          (aggregate.argument.map(\.description) ?? "*")
          + (aggregate.time.map { ", \($0)" } ?? "")
        let percentage = aggregate.function == .percentile ? ", \(aggregate.percentage)" : ""
        return "\"\(aggregate.name)\" = \(aggregate.function.rawValue)(\(argument)\(percentage))"
      }
      lines += keys.map { "by \"\($0.name)\" = \($0.expression)" }
      if leastRowCount > 1 { lines.append("groups of at least \(leastRowCount)") }
    }
    return lines
  }
}
