import InsightsTestSupport
import Testing

@testable import InsightsTriage

@Suite("peaks of concurrent invocations")
struct ConcurrencyPeakTests {
  /// As the definition says it: at each start in a period, how many run.
  private static func peaks(
    of intervals: [Range<Int64>], in periods: [Range<Int64>]
  ) -> [ConcurrencyPeak] {
    periods.map { period in
      func running(at time: Int64) -> Int { intervals.count { $0.contains(time) } }
      var peak = ConcurrencyPeak(
        count: running(at: period.lowerBound), timestamp: period.lowerBound)
      for start in intervals.map(\.lowerBound).sorted() where period.contains(start) {
        let count = running(at: start)
        if count > peak.count { peak = ConcurrencyPeak(count: count, timestamp: start) }
      }
      return peak
    }
  }

  @Test("peaks of overlapping invocations", arguments: [1, 10, 300])
  func concurrency(count: Int) {
    for (seed, origin) in [Int64(0), 1_767_225_600_000, -4_294_967_296_050].enumerated() {
      var generator = SeededGenerator(state: UInt64(seed))
      let intervals = (0..<count).map { _ in
        let start = origin + Int64.random(in: -500...500, using: &generator)
        return start..<start + Int64.random(in: 1...60, using: &generator)
      }
      let periods = stride(from: origin - 400, to: origin + 400, by: 80).map { $0..<$0 + 60 }
      var running = RunningInvocations()
      var rest = RunningInvocations()
      for (index, interval) in intervals.enumerated() {
        if index.isMultiple(of: 3) { rest.add(interval) } else { running.add(interval) }
      }
      running.merge(&rest)
      let expected = Self.peaks(of: intervals, in: periods)
      #expect(running.peaks(in: periods).map(\.count) == expected.map(\.count))
    }
  }

  @Test("moments far from each other stay in order")
  func farMoments() {
    var moments = TimeList()
    let times: [Int64] = [1 << 40, 5, -3, .max, .min, 1 << 32, (1 << 32) - 1, 0]
    for time in times { moments.add(time) }
    moments.sort()
    var cursor = moments.cursor
    var found: [Int64] = []
    while let next = cursor.next {
      found.append(next)
      cursor.advance()
    }
    #expect(found == times.sorted())
  }
}
