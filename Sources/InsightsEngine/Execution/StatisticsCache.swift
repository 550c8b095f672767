internal import InsightsModel
internal import InsightsQuery
internal import InsightsStore
internal import InsightsThreads

/// Numbers of events in stores on servers, which are valid as long as no events are added or
/// removed.
///
/// Counting them takes a request that reads as much as the query whose statistics they are.
final class StatisticsCache: Sendable {
  static let all = StatisticsCache()

  /// What is counted.
  struct Key: Hashable {
    let store: String
    let plan: Plan
  }

  /// The maximum number of kept results; beyond it all are dropped.
  private static let limit = 1000

  private let kept = Locked<[Key: (state: RemoteState, rows: [[Value]])]>([:])

  func rows(_ key: Key, of state: RemoteState) -> [[Value]]? {
    kept.withLock { kept in
      guard let found = kept[key], found.state == state else { return nil }
      return found.rows
    }
  }

  func keep(_ rows: [[Value]], _ key: Key, of state: RemoteState) {
    kept.withLock { kept in
      if kept.count >= Self.limit { kept.removeAll() }
      kept[key] = (state, rows)
    }
  }
}
