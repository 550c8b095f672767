internal import InsightsModel
internal import InsightsQuery
internal import InsightsStore
internal import InsightsThreads

/// Numbers of events in a store on a server, by the plan that counts them, which are valid as long as
/// no events are added or removed.
///
/// Counting them takes a request that reads as much as the query whose statistics they are.
/// Thread-safe: engines over the same store may share them.
final class StatisticsCache: Sendable {
  /// The maximum number of kept results; beyond it all are dropped.
  private static let limit = 1000

  private let kept = Locked<[Plan: (state: RemoteState, rows: [[Value]])]>([:])

  func rows(of plan: Plan, in state: RemoteState) -> [[Value]]? {
    kept.withLock { kept in
      guard let found = kept[plan], found.state == state else { return nil }
      return found.rows
    }
  }

  func keep(_ rows: [[Value]], of plan: Plan, in state: RemoteState) {
    kept.withLock { kept in
      if kept.count >= Self.limit { kept.removeAll() }
      kept[plan] = (state, rows)
    }
  }
}
