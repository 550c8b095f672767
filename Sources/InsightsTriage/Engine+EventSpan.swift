internal import InsightsEngine
internal import InsightsModel

extension Engine {
  /// Returns the number of events in a range, and the times of the oldest and newest.
  func eventSpan(_ options: TriageOptions) throws -> (count: Int, first: Int64?, last: Int64?) {
    func ask(_ query: String) throws -> ResultRow? {
      try rows(of: query, in: options.timeRange, logGroups: options.logGroups).first
    }
    func time(_ order: String) throws -> Int64? {
      try ask(
        "filter ispresent(@timestamp) | fields @timestamp | sort @timestamp \(order) | limit 1"
      )?.time("@timestamp")
    }
    let count = try ask("stats count(*) as events")?.integer("events") ?? 0
    return (Int(count), try time("asc"), try time("desc"))
  }
}
