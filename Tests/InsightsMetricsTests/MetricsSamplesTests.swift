import InsightsTestSupport
import Testing

@testable import InsightsMetrics

/// The compact samples of metrics give what plain arrays give.
@Suite("samples of metrics")
struct MetricsSamplesTests {
  private static let statistics: [Statistic] = [
    .minimum, .maximum, .sampleCount, .percentile(0), .percentile(12.5), .percentile(50),
    .percentile(95), .percentile(99.9), .percentile(100),
  ]

  /// As the definition says it.
  private static func value(_ statistic: Statistic, of sorted: [Double]) -> Double {
    guard case .percentile(let percent) = statistic else {
      return switch statistic {
      case .minimum: sorted[0]
      case .maximum: sorted[sorted.count - 1]
      default: Double(sorted.count)
      }
    }
    let rank = percent / 100 * Double(sorted.count - 1)
    let below = Int(rank)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (rank - Double(below))
  }

  /// Durations as REPORT lines have them.
  private static func usual(_ generator: inout SeededGenerator) -> Double {
    Double(Int.random(in: 0...90_000_000, using: &generator) / 10) / 100
  }

  /// Many equal ones, and now and then one that fits no other: finer, longer, or negative.
  private static func odd(_ generator: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: Double.random(in: 0...900_000, using: &generator)
    case 1: 1e7 + Double(Int.random(in: 0...5, using: &generator))
    case 2: -Double(Int.random(in: 0...5, using: &generator))
    default: Double(Int.random(in: 0...200, using: &generator))
    }
  }

  @Test("numbers", arguments: [1, 2, 10, 1000, 70_000, 300_000])
  func numbers(count: Int) {
    for make in [Self.usual, Self.odd] {
      var generator = SeededGenerator(state: UInt64(count))
      let numbers = (0..<count).map { _ in make(&generator) }
      var samples = NumberSamples()
      for number in numbers { samples.add(number) }
      samples.finish()
      let sorted = numbers.sorted()
      for statistic in Self.statistics {
        #expect(statistic.value(of: samples) == Self.value(statistic, of: sorted), "\(statistic)")
      }
      let sum = sorted.reduce(0, +)
      #expect(abs(samples.sum - sum) <= 1e-9 * sorted.reduce(1) { $0 + abs($1) })
      for rank in stride(from: 0, to: count, by: max(1, count / 100)) {
        #expect(samples[rank] == sorted[rank])
      }
    }
  }

  @Test("without numbers there is no value")
  func none() {
    var samples = NumberSamples()
    samples.finish()
    for statistic in Self.statistics + [.sum, .average] {
      #expect(statistic.value(of: samples) == nil)
    }
  }

  @Test("a few values, and how often each occurs")
  func counted() {
    let samples = CountedSamples([(0, 3), (1, 1)])
    #expect(Statistic.average.value(of: samples) == 0.25)
    #expect(Statistic.percentile(50).value(of: samples) == 0)
    #expect(Statistic.percentile(100).value(of: samples) == 1)
    #expect(Statistic.maximum.value(of: CountedSamples([(0, 2), (1, 0)])) == 0)
    #expect(Statistic.sum.value(of: CountedSamples([(1, 0)])) == nil)
  }

  @Test("numbers in parts are those of all together", arguments: [0, 10, 70_000, 200_000])
  func parts(count: Int) {
    for make in [Self.usual, Self.odd] {
      var generator = SeededGenerator(state: UInt64(count) + 1)
      let numbers = (0..<count).map { _ in make(&generator) }
      var whole = NumberSamples()
      var parts = [NumberSamples(), NumberSamples(), NumberSamples()]
      for (index, number) in numbers.enumerated() {
        whole.add(number)
        // The last part has but few.
        parts[index % 100 == 0 ? 2 : index % 2].add(number)
      }
      var sum = NumberSamples()
      for part in parts { sum.add(part) }
      whole.finish()
      sum.finish()
      #expect(sum.count == whole.count)
      #expect(sum.sum == whole.sum)
      for statistic in Self.statistics {
        #expect(statistic.value(of: sum) == statistic.value(of: whole), "\(statistic)")
      }
    }
  }
}
