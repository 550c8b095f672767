/// A microbenchmark of one loop.
struct Benchmark {
  var name: String
  /// The unit of the time, such as `event` or `byte`, and the number of units in one run.
  var unit: String
  var unitCount: Int
  /// One run; returns a value that depends on everything computed, so that nothing is optimized
  /// away.
  var run: () throws -> Int

  /// Returns the median and the minimum of several runs, in nanoseconds per unit.
  func measure(runCount: Int) throws -> (median: Double, shortest: Double) {
    // The first run warms up caches and memory.
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
