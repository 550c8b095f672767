/// The number of events of a segment in each period of time, for counts by time.
///
/// Only for segments without events before 1970, and with few periods; events without a time are
/// not counted.
package struct TimeCounts: Equatable, Sendable {
  /// The length of a period in milliseconds; each begins at a multiple of it.
  let period: Int64
  /// The start of the first period.
  let start: Int64
  /// The number of events in each period from that of the first event to that of the last.
  package let counts: [Int]

  /// The possible lengths; each divides the next, so that counts for longer periods can be derived.
  private static let periods: [Int64] = [1000, 10_000, 60_000, 300_000, 3_600_000, 86_400_000]
  private static let countLimit = 64

  /// Counts times within `bounds`; `nil` if there are too many periods even of the longest kind.
  init?(_ timestamps: [Int64], bounds: ClosedRange<Int64>) {
    guard bounds.lowerBound >= 0,
      let period = Self.periods.first(where: {
        Self.count(of: $0, in: bounds) <= Self.countLimit
      })
    else { return nil }
    self.period = period
    start = bounds.lowerBound - bounds.lowerBound % period
    var counts = [Int](repeating: 0, count: Self.count(of: period, in: bounds))
    // Consecutive times mostly are in the same period, and comparing is cheaper than dividing.
    var current = 0
    var times = start..<max(start, start &+ period)
    for time in timestamps where time != SegmentReader.missing {
      if !times.contains(time) {
        current = Int((time - start) / period)
        let first = start + Int64(current) * period
        times = first..<max(first, first &+ period)
      }
      counts[current] += 1
    }
    self.counts = counts
  }

  /// Returns the number of periods that overlap `bounds`.
  private static func count(of period: Int64, in bounds: ClosedRange<Int64>) -> Int {
    Int(bounds.upperBound / period - bounds.lowerBound / period) + 1
  }

  /// Returns the counts of a longer period, with the start of each; `nil` if they cannot be
  /// derived.
  package func counts(by longer: Int64) -> [(start: Int64, count: Int)]? {
    guard longer > 0, longer % period == 0 else { return nil }
    var sums: [(start: Int64, count: Int)] = []
    for (index, count) in counts.enumerated() where count > 0 {
      let time = start + Int64(index) * period
      let first = time - time % longer
      if let last = sums.last, last.start == first {
        sums[sums.count - 1].count += count
      } else {
        sums.append((first, count))
      }
    }
    return sums
  }

  // MARK: Directories

  private static let none: UInt8 = 0xFF

  static func append(_ times: TimeCounts?, to output: inout BlockOutput) {
    guard let times, let period = periods.firstIndex(of: times.period) else {
      output.append(none)
      return
    }
    output.append(UInt8(period))
    IntegerCodec.append(times.counts.map { Int64($0) }, asSteps: false, to: &output)
  }

  /// Reads what `append` wrote for a segment with these bounds and number of events with a time.
  ///
  /// `nil` for invalid data.
  static func times(
    from input: inout BlockInput, bounds: ClosedRange<Int64>?, eventCount: Int
  ) -> TimeCounts?? {
    guard let byte = input.byte() else { return nil }
    if byte == none { return .some(nil) }
    guard periods.indices.contains(Int(byte)), let bounds, bounds.lowerBound >= 0,
      count(of: periods[Int(byte)], in: bounds) <= countLimit
    else { return nil }
    let period = periods[Int(byte)]
    guard
      let counts = IntegerCodec.integers(
        from: &input, count: count(of: period, in: bounds)),
      counts.allSatisfy({ $0 >= 0 && $0 <= Int64(eventCount) }),
      counts.reduce(0, +) <= Int64(eventCount)
    else { return nil }
    return TimeCounts(
      period: period, start: bounds.lowerBound - bounds.lowerBound % period,
      counts: counts.map { Int($0) })
  }

  private init(period: Int64, start: Int64, counts: [Int]) {
    self.period = period
    self.start = start
    self.counts = counts
  }
}
