internal import InsightsStore

/// What happened to a function in one period.
///
/// A class, so that it grows in its place; `finish` ends that, and makes statistics possible.
final class PeriodSamples {
  private var invocationCount = 0
  private var failureCount = 0
  private var coldStartCount = 0
  private var throttleCount = 0
  /// Milliseconds.
  private var durations = NumberSamples()
  /// Megabytes times seconds, as they are billed.
  private var billed = NumberSamples()
  /// 0 until it is known.
  private(set) var concurrencyPeak = 0

  func add(_ samples: InvocationSamples) {
    // Held here while they grow: each access to what an object holds is checked.
    var durations = NumberSamples()
    var billed = NumberSamples()
    swap(&durations, &self.durations)
    swap(&billed, &self.billed)
    for sample in samples {
      if sample.hasFailed { failureCount += 1 }
      guard let duration = sample.durationMilliseconds else { continue }
      durations.add(duration)
      if sample.isColdStart { coldStartCount += 1 }
      if let milliseconds = sample.billedMilliseconds, let size = sample.memoryMegabytes {
        billed.add(Double(milliseconds) * Double(size) / 1000)
      }
    }
    invocationCount += samples.count
    swap(&durations, &self.durations)
    swap(&billed, &self.billed)
  }

  /// Adds the samples of another part of the same period.
  func add(_ other: PeriodSamples) {
    invocationCount += other.invocationCount
    failureCount += other.failureCount
    coldStartCount += other.coldStartCount
    throttleCount += other.throttleCount
    durations.add(other.durations)
    billed.add(other.billed)
  }

  func addThrottle() { throttleCount += 1 }

  func finish(concurrencyPeak: Int) {
    self.concurrencyPeak = concurrencyPeak
    durations.finish()
    billed.finish()
  }

  /// The value of a statistic; `nil` where there is no sample.
  func value(
    of metric: Metric, _ statistic: Statistic, prices: MetricsOptions.Prices
  ) -> Double? {
    switch metric {
    case .invocations: statistic.value(of: CountedSamples([(1, invocationCount)]))
    case .errors:
      statistic.value(
        of: CountedSamples([(0, invocationCount - failureCount), (1, failureCount)]))
    case .throttles: statistic.value(of: CountedSamples([(1, throttleCount)]))
    case .duration: statistic.value(of: durations)
    case .concurrentExecutions:
      concurrencyPeak > 0 ? Double(concurrencyPeak) : nil
    case .coldStartRate:
      statistic.value(
        of: CountedSamples([(0, durations.count - coldStartCount), (100, coldStartCount)]))
    case .cost:
      statistic.value(
        of: ScaledSamples(
          samples: billed, factor: prices.perGBSecond / 1024,
          summand: prices.perMillionRequests / 1_000_000))
    }
  }
}
