internal import InsightsSQLite
internal import InsightsModel

/// Counts and selects the invocations of a time range for triage.
extension Store {
  /// The number of invocations in a selection, and of those with an unknown outcome.
  public struct InvocationCounts: Sendable {
    /// The number of invocations.
    public var all = 0
    /// The number of invocations without an end.
    public var incomplete = 0
    /// The invocations that used all of their memory, without proof that they ran out of it.
    public var memorySuspects = 0
    /// The number of invocations without a start time.
    public var withoutTime = 0

    /// Makes counts of 0.
    public init() {}

    fileprivate mutating func add(_ other: InvocationCounts) {
      all += other.all
      incomplete += other.incomplete
      memorySuspects += other.memorySuspects
      withoutTime += other.withoutTime
    }
  }

  /// Counts the invocations of a selection, and returns those that failed or were slow.
  ///
  /// Slow means that cold start and duration together are at least `limit` milliseconds.
  /// Invocations without an end are only counted. They are returned in parts, in the order of their
  /// ids. The rows are read by several threads, while this thread first runs `meanwhile`.
  ///
  /// - Throws: `StoreError`, and what `meanwhile` throws.
  public func surveyInvocations(
    of selection: FactSelection, slowFrom limit: Int, meanwhile: () throws -> Void
  ) throws -> (counts: InvocationCounts, suspects: [[SuspectInvocation]]) {
    let survey = InvocationSurvey(selection, slowFrom: limit)
    var counts = InvocationCounts()
    let parts = try forEachStretch(
      ofInvocationsIn: selection.timeRange, makeCollector: InvocationSurvey.Part.init,
      { connection, ids, part throws(StoreError) in
        try survey.read(ids, of: connection, into: part)
      },
      meanwhile: {
        counts = try survey.keptCounts(of: connection)
        try meanwhile()
      })
    for part in parts { counts.add(part.counts) }
    return (
      counts, parts.flatMap(\.suspects).sorted { $0.first < $1.first }.map(\.suspects)
    )
  }
}

/// Builds and runs the statements of a survey.
private struct InvocationSurvey {
  /// The result of one thread.
  final class Part {
    var counts = Store.InvocationCounts()
    /// The suspects of each range of ids.
    var suspects: [(first: Int64, suspects: [Store.SuspectInvocation])] = []
  }

  private let selection: Store.FactSelection
  private let limit: Int

  init(_ selection: Store.FactSelection, slowFrom limit: Int) {
    self.selection = selection
    self.limit = limit
  }

  /// Whether the selection covers the whole store, so that `fact_counts` applies.
  private var isEverything: Bool {
    selection.timeRange == .everything && selection.logGroups.isEmpty
  }

  /// Returns the counts that need no scan of the rows.
  func keptCounts(of connection: Connection) throws(StoreError) -> Store.InvocationCounts {
    var counts = Store.InvocationCounts()
    guard isEverything else { return counts }
    let kept = try connection.prepare("SELECT invocations, oom_suspects FROM main.fact_counts")
    if try kept.step() {
      counts.all = Int(kept.integer(at: 0))
      counts.memorySuspects = Int(kept.integer(at: 1))
    }
    // The zones identify the blocks that contain rows without a time.
    let timeless = try connection.prepare(
      """
      SELECT count(*) FROM \(InvocationZones.timelessRanges) AS zone
      CROSS JOIN main.invocation_rows AS r ON r.id BETWEEN zone.low AND zone.high
      WHERE r.start_ms IS NULL
      """)
    if try timeless.step() { counts.withoutTime = Int(timeless.integer(at: 0)) }
    return counts
  }

  func read(
    _ ids: ClosedRange<Int64>, of connection: Connection, into part: Part
  ) throws(StoreError) {
    try count(ids, of: connection, into: &part.counts)
    var suspects: [Store.SuspectInvocation] = []
    let statement = try statement(
      Store.suspectColumns, where: suspectCondition, ids, of: connection)
    while try statement.step() { suspects.append(Store.suspect(statement)) }
    if !suspects.isEmpty { part.suspects.append((ids.lowerBound, suspects)) }
  }

  private func count(
    _ ids: ClosedRange<Int64>, of connection: Connection, into counts: inout Store.InvocationCounts
  ) throws(StoreError) {
    guard !isEverything else {
      let statement = try statement("count(*)", where: "r.outcome & 3 = 3", ids, of: connection)
      if try statement.step() { counts.incomplete += Int(statement.integer(at: 0)) }
      return
    }
    let statement = try statement(
      """
      count(*), count(*) FILTER (WHERE r.outcome & 3 = 3),
      count(*) FILTER (WHERE \(FactCounts.isMemorySuspect)), count(*) - count(r.start_ms)
      """, where: "1", ids, of: connection)
    guard try statement.step() else { return }
    counts.all += Int(statement.integer(at: 0))
    counts.incomplete += Int(statement.integer(at: 1))
    counts.memorySuspects += Int(statement.integer(at: 2))
    counts.withoutTime += Int(statement.integer(at: 3))
  }

  /// The condition of suspect rows; inexpensive and selective tests come first.
  ///
  /// A duration is stored in whole microseconds, or rarely as another number of milliseconds;
  /// `typeof` would take as long as the remaining tests. The outcome shows whether there are
  /// details; without details there was no init.
  private var suspectCondition: String {
    """
    (r.outcome <> 0 OR r.duration >= \(limit) * 1000 OR r.duration <> CAST(r.duration AS INTEGER))
      AND r.outcome & 3 <> 3
      AND (r.outcome & 3 <> 0
        OR ifnull(\(InvocationColumns.detail(Store.coldStart)), 0)
          + \(InvocationColumns.milliseconds("r.duration")) >= \(limit))
    """
  }

  private func statement(
    _ columns: String, where condition: String, _ ids: ClosedRange<Int64>,
    of connection: Connection
  ) throws(StoreError) -> Statement {
    let selected = selection.condition(on: "(\(InvocationColumns.start))")
    let statement = try connection.prepare(
      """
      SELECT \(columns) FROM \(Store.suspectTables)
      WHERE r.id BETWEEN \(ids.lowerBound) AND \(ids.upperBound)
        AND \(isEverything ? "1" : selected.text) AND (\(condition))
      """)
    if !isEverything {
      for (index, value) in selected.bindings.enumerated() { statement.bind(value, at: index + 1) }
    }
    return statement
  }
}
