internal import InsightsSQLite
public import InsightsModel
public import InsightsThreads

/// What was derived from events on another machine, and what is to be known of them together.
public protocol RemoteFacts {
  /// Copies invocations and errors that start or were logged in a range, or have no time, to the tables of a store that
  /// has none; of groups whose name matches one of the globs, or these are none.
  ///
  /// - Throws: `StoreError.remote`, also where there are more than can be held.
  func copy(
    in range: TimeRange, ofGroups globs: [String], to store: Store, _ cancellation: Cancellation
  ) throws(StoreError)

  /// The figures of `Store.figures`.
  func figures(_ cancellation: Cancellation) throws(StoreError) -> [(name: String, value: Value)]

  /// The discovered fields and how many events have each, as `Store.fields` orders them.
  func fields(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, eventCount: Int64)]
}

extension Store {
  /// What is told of one request by several logs lies this far apart at most: facts are copied of so much
  /// more than is asked for.
  private static let margin: Int64 = 3_600_000

  /// Has the tables of facts hold what is asked for, where it is on another machine.
  public func provideFacts(of selection: FactSelection) throws(StoreError) {
    guard let remote, copiedFacts?.covers(selection) != true else { return }
    var range = selection.timeRange
    range.start = range.start.map { max($0, .min + Self.margin) - Self.margin }
    range.end = range.end.map { min($0, .max - Self.margin) + Self.margin }
    copiedFacts = nil
    for table in Schema.factTables { try connection.execute("DELETE FROM \(table)") }
    try connection.execute("INSERT INTO fact_counts DEFAULT VALUES")
    try connection.execute("BEGIN")
    do {
      try remote.facts.copy(
        in: range, ofGroups: selection.logGroups, to: self, connection.waiting.cancellation)
      try InvocationZones(connection: connection).update()
      try connection.execute("COMMIT")
    } catch {
      // The failure that brought us here is the one to report.
      try? connection.execute("ROLLBACK")
      throw error
    }
    copiedFacts = FactSelection(timeRange: range, logGroups: selection.logGroups)
  }
}

extension Store.FactSelection {
  /// Whether it has all that another one has.
  fileprivate func covers(_ other: Store.FactSelection) -> Bool {
    func isWithin(_ bound: Int64?, _ otherBound: Int64?, _ isInOrder: (Int64, Int64) -> Bool)
      -> Bool
    {
      guard let bound else { return true }
      return otherBound.map { isInOrder(bound, $0) } ?? false
    }
    return isWithin(timeRange.start, other.timeRange.start, <=)
      && isWithin(timeRange.end, other.timeRange.end, >=)
      && (logGroups.isEmpty || logGroups == other.logGroups)
  }
}
