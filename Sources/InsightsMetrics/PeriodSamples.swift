internal import InsightsStore
internal import InsightsTriage

/// The samples of a function in one period.
///
/// It is a class, so that it grows in place. `finish` prepares statistics; no samples may be added
/// afterwards.
final class PeriodSamples {
  private var invocationCount = 0
  private var failureCount = 0
  private var coldStartCount = 0
  private var throttleCount = 0
  /// Milliseconds.
  private var durations = NumberSamples()
  /// Megabyte-seconds, as billed.
  private var billed = NumberSamples()
  /// The maximum number of concurrent invocations; 0 until it is computed.
  private(set) var concurrencyPeak = 0

  func add(_ samples: InvocationSamples) {
    // A local copy, since each access to a property of an object checks exclusivity.
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

  /// Returns the value of a statistic; `nil` if there is no sample.
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
