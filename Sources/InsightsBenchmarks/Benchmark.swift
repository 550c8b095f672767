/// A loop that is measured by itself.
struct Benchmark {
  var name: String
  /// What the time is told for, as `event` or `byte`, and how many of them one run goes through.
  var unit: String
  var unitCount: Int
  /// One run; gives something that depends on all it computed, so that nothing is left out.
  var run: () throws -> Int

  /// Nanoseconds for each unit: of some runs the one in the middle, and the shortest.
  func measure(runCount: Int) throws -> (median: Double, shortest: Double) {
    // The first fills caches and memory.
    var sum = try run()
    var times: [Double] = []
    for _ in 0..<runCount {
      let start = ContinuousClock.now
      sum &+= try run()
      times.append((ContinuousClock.now - start) / .nanoseconds(1) / Double(max(unitCount, 1)))
    }
    Self.used = sum
    times.sort()
    return (times[times.count / 2], times[0])
  }

  nonisolated(unsafe) private static var used = 0
}
