internal import InsightsSQLite
public import InsightsModel
public import InsightsThreads

/// The facts that were derived from the events of a store on another machine.
public protocol RemoteFacts {
  /// Copies invocations and errors to the tables of a store in which they are empty.
  ///
  /// These are the ones that start or were logged in the range, or have no time. Their log group
  /// matches one of the globs; no globs mean all groups.
  ///
  /// - Throws: `StoreError.remote`, also if there are more than the limit.
  func copy(
    in range: TimeRange, ofGroups globs: [String], to store: Store, _ cancellation: Cancellation
  ) throws(StoreError)

  /// Returns the statistics of `Store.figures`.
  func figures(_ cancellation: Cancellation) throws(StoreError) -> [(name: String, value: Value)]

  /// Returns the discovered fields with the number of events that have each, in the order of
  /// `Store.fields`.
  func fields(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, eventCount: Int64)]
}

extension Store {
  /// The maximum time in milliseconds between facts about one request in several logs; copied
  /// ranges are extended by it on both sides.
  private static let margin: Int64 = 3_600_000

  /// Copies the selected facts from another machine to the fact tables, unless they are already
  /// there; does nothing for a local store.
  ///
  /// - Throws: `StoreError`.
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
      // The original error is the one to report.
      try? connection.execute("ROLLBACK")
      throw error
    }
    copiedFacts = FactSelection(timeRange: range, logGroups: selection.logGroups)
  }
}

extension Store.FactSelection {
  /// Whether this selection includes all facts of another one.
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
