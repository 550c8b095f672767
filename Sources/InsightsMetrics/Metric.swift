/// A metric of Lambda for CloudWatch's alarms, or one of two that only this program has.
enum Metric: String, CaseIterable, Hashable, Sendable {
  case invocations = "Invocations"
  /// 1 for an invocation that ended with an unhandled error, a timeout or out of memory, otherwise
  /// 0.
  case errors = "Errors"
  /// Refused calls, as far as a log reports them.
  case throttles = "Throttles"
  /// Milliseconds, without init.
  case duration = "Duration"
  /// The maximum number of concurrent invocations.
  case concurrentExecutions = "ConcurrentExecutions"
  /// 100 for an invocation with a cold start, otherwise 0: the average is a percentage.
  case coldStartRate = "ColdStartRate"
  /// US dollars.
  case cost = "Cost"

  /// Parses the name of a metric, ignoring case.
  init?(named name: String) {
    guard let metric = Self.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
    else { return nil }
    self = metric
  }
}

/// An aggregate function over the samples of a period.
enum Statistic: Hashable, Sendable {
  case sum, average, minimum, maximum, sampleCount
  /// From 0 to 100.
  case percentile(Double)
  case trimmed(TrimmedStatistic)

  /// Parses `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, `p95` or a `TrimmedStatistic`,
  /// ignoring case.
  init?(named name: String) {
    switch name.lowercased() {
    case "sum": self = .sum
    case "average", "avg": self = .average
    case "minimum", "min": self = .minimum
    case "maximum", "max": self = .maximum
    case "samplecount": self = .sampleCount
    case let name:
      if let percent = Double(name.dropFirst()), name.hasPrefix("p") {
        guard (0...100).contains(percent) else { return nil }
        self = .percentile(percent)
      } else if let trimmed = TrimmedStatistic(name) {
        self = .trimmed(trimmed)
      } else {
        return nil
      }
    }
  }

  /// Returns the value for samples; `nil` if there are none.
  func value(of samples: some Samples) -> Double? {
    let count = samples.count
    guard count > 0 else { return nil }
    switch self {
    case .sum: return samples.sum
    case .average: return samples.sum / Double(count)
    case .minimum: return samples[0]
    case .maximum: return samples[count - 1]
    case .sampleCount: return Double(count)
    case .trimmed(let statistic): return statistic.value(of: samples)
    case .percentile(let percent):
      // Linear interpolation between the closest ranks, like `pct` of the query language.
      let rank = percent / 100 * Double(count - 1)
      let lower = Int(rank)
      guard lower + 1 < count else { return samples[count - 1] }
      let value = samples[lower]
      return value + (samples[lower + 1] - value) * (rank - Double(lower))
    }
  }
}
