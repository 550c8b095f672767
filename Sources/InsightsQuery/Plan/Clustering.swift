internal import InsightsModel

/// The search for patterns as plan nodes: an aggregate makes a list of all patterns, each a JSON
/// object, which is unnested into rows.
struct Clustering {
  /// The period that the events are compared with.
  struct Comparison: Hashable {
    /// Milliseconds from the compared period to the query's.
    var shift: Int64
    /// The end of the query's period.
    var end: Int64
  }

  private let input: Plan
  private let text: BoundExpression
  private let time: BoundExpression?
  private var comparison: (isCurrent: BoundExpression, isCompared: BoundExpression)?
  private var findsAnomalies = false

  /// Prepares the nodes; `time` is the column of the events' times, if there is one.
  init(of text: BoundExpression, in input: Plan, time: PlanColumn?) {
    self.input = input
    self.text = text
    self.time = time.map { .column($0) }
  }

  private init(
    _ clustering: Clustering, input: Plan,
    comparison: (isCurrent: BoundExpression, isCompared: BoundExpression)
  ) {
    self.input = input
    text = clustering.text
    time = clustering.time
    findsAnomalies = clustering.findsAnomalies
    self.comparison = comparison
  }

  /// Returns a clustering that also compares the lines of the range with earlier ones.
  ///
  /// `nil` if the events do not come directly from a relation, or have no time.
  func compared(from start: Int64, _ comparison: Comparison) -> Clustering? {
    guard let time else { return nil }
    let (earliest, isOutside) = start.subtractingReportingOverflow(comparison.shift)
    let range = TimeRange(start: isOutside ? .min : earliest, end: comparison.end)
    guard let input = input.scanning(range) else { return nil }
    let comparedEnd = comparison.end &- comparison.shift
    return Clustering(
      self, input: input,
      comparison: (
        time.calling(.greaterOrEqual, .literal(.integer(start))),
        time.calling(.less, .literal(.integer(comparedEnd)))
      ))
  }

  /// Returns a clustering without earlier lines: every pattern is new.
  func comparedWithNothing() -> Clustering {
    Clustering(
      self, input: input, comparison: (.literal(.integer(1)), .literal(.integer(0))))
  }

  func withAnomalies() -> Clustering {
    var clustering = self
    clustering.findsAnomalies = true
    return clustering
  }

  private static let element = PlanColumn("pattern'", .text)

  var plan: Plan {
    let list = PlanColumn("patterns'", .text)
    let aggregate = BoundExpression.call(
      .patterns,
      [
        text, time ?? .literal(.null), comparison?.isCurrent ?? .literal(.integer(1)),
        comparison?.isCompared ?? .literal(.integer(0)),
      ])
    let aggregated = Plan.aggregate(
      input, keys: [], aggregates: [NamedExpression(column: list, expression: aggregate)])
    let unnested = Plan.unnest(
      aggregated, Unnesting(list: .column(list), element: Self.element, keepsEmpty: false))
    return .extend(
      unnested,
      members.map { column, member in
        NamedExpression(
          column: column,
          expression: BoundExpression.column(Self.element).member(member, column.type))
      })
  }

  /// The columns, with the JSON members that they contain.
  private var members: [(column: PlanColumn, member: String)] {
    var members = [
      (Self.pattern, "pattern"), (Self.ratio, "ratio"), (Self.sampleCount, "count"),
      (PlanColumn("@severityLabel", .text), "severity"),
    ]
    if comparison != nil {
      members += [
        (Self.difference, "difference"),
        (PlanColumn("@differenceDescription", .text), "differenceDescription"),
      ]
    }
    if findsAnomalies {
      members += [
        (Self.anomalyType, "anomalyType"),
        (PlanColumn("@anomalyDescription", .text), "anomalyDescription"),
      ]
    }
    return members + [
      (PlanColumn("@regexString", .text), "regex"), (PlanColumn("@logSamples", .text), "samples"),
      (PlanColumn("@tokens", .text), "tokens"),
      (PlanColumn("@visualization", .text), "histogram"),
      (PlanColumn("@PatternId", .text), "id"),
    ]
  }

  private static let pattern = PlanColumn("@pattern", .text)
  private static let ratio = PlanColumn("@ratio", .number, isComputed: true)
  private static let sampleCount = PlanColumn("@sampleCount", .number, isComputed: true)
  private static let difference = PlanColumn("@diffEventCount", .number, isComputed: true)
  private static let anomalyType = PlanColumn("@anomalyType", .text)

  var columns: [PlanColumn] { members.map(\.column) }

  /// The default columns: all except the details, which are JSON.
  var shownColumns: [PlanColumn] { Array(columns.dropLast(5)) }

  /// Patterns with the most lines first.
  var order: [SortKey] {
    [
      SortKey(column: Self.sampleCount, isDescending: true),
      SortKey(column: Self.pattern, isDescending: false),
    ]
  }
}

extension BoundExpression {
  /// Returns a member of a JSON object that an aggregate made.
  func member(_ name: String, _ type: ValueType) -> BoundExpression {
    calling(type == .number ? .numberMember : .textMember, .literal(.text(name)))
  }
}

extension Plan {
  /// Returns the plan over another time range; `nil` if its rows are not events.
  fileprivate func scanning(_ range: TimeRange) -> Plan? {
    switch self {
    case .scan(var scan):
      scan.timeRange = range
      return .scan(scan)
    case .filter(let input, let condition):
      return input.scanning(range).map { .filter($0, condition) }
    case .extend(let input, let columns):
      return input.scanning(range).map { .extend($0, columns) }
    default: return nil
    }
  }
}
