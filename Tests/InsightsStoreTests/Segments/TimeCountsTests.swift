@testable import InsightsSegments
import InsightsTestSupport
import Testing

@testable import InsightsStore

@Suite("counts of events by time")
struct TimeCountsTests {
  @Test("counts are those of the times", arguments: 0..<12)
  func counts(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let start = Int64.random(in: 0..<2_000_000_000_000, using: &random)
    let length: Int64 =
      [1, 900, 60_000, 500_000, 40_000_000, 3_000_000_000].randomElement(using: &random) ?? 1
    var times = (0..<1000).map { _ in Int64.random(in: start..<start + length, using: &random) }
    if seed % 2 == 0 { times.sort() }
    times[3] = SegmentReader.missing
    let present = times.filter { $0 != SegmentReader.missing }
    let bounds = (present.min() ?? 0)...(present.max() ?? 0)
    let counts = try #require(TimeCounts(times, bounds: bounds))

    for period in [1000, 60_000, 300_000, 3_600_000, 86_400_000] as [Int64] {
      guard let found = counts.counts(by: period) else {
        #expect(counts.period > period)
        continue
      }
      var expected: [Int64: Int] = [:]
      for time in present { expected[time - time % period, default: 0] += 1 }
      #expect(found.count == expected.count)
      for (time, count) in found { #expect(expected[time] == count) }
    }
    #expect(counts.counts(by: counts.period + 1) == nil)

    var output = BlockOutput()
    TimeCounts.append(counts, to: &output)
    for count in 0..<output.bytes.count {
      var input = BlockInput(Array(output.bytes[..<count]))
      #expect(TimeCounts.times(from: &input, bounds: bounds, eventCount: 1000) == nil)
    }
    var input = BlockInput(output.bytes)
    #expect(TimeCounts.times(from: &input, bounds: bounds, eventCount: 1000) == .some(counts))
    input = BlockInput(output.bytes)
    #expect(TimeCounts.times(from: &input, bounds: bounds, eventCount: 998) == nil)
  }

  @Test("times that no counts are kept of")
  func none() throws {
    #expect(TimeCounts([-1, 5], bounds: -1...5) == nil)
    #expect(TimeCounts([0, .max], bounds: 0...(.max)) == nil)
    let last = try #require(TimeCounts([.max, .max - 5], bounds: (.max - 5)...(.max)))
    #expect(last.counts.reduce(0, +) == 2)
    var output = BlockOutput()
    TimeCounts.append(nil, to: &output)
    var input = BlockInput(output.bytes)
    #expect(TimeCounts.times(from: &input, bounds: nil, eventCount: 1) == .some(nil))
    for bytes in [[], [6], [0], [0, 9, 9]] as [[UInt8]] {
      var input = BlockInput(bytes)
      #expect(TimeCounts.times(from: &input, bounds: 0...9, eventCount: 1) == nil)
    }
  }
}
