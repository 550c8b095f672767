internal import InsightsModel
internal import InsightsStore

/// Sorts what happened into periods, as it comes, in any order.
///
/// Holds twelve to sixteen bytes for each invocation; where a period has many of them, about eight.
final class MetricsCollector {
  private let options: MetricsOptions
  private var functions: [FunctionMetrics] = []
  private var indexes: [String: Int] = [:]
  /// The first start of an invocation, and the first throttle, where they have times.
  private var firstStart: Int64?
  private var firstThrottle: Int64?

  init(options: MetricsOptions) {
    self.options = options
  }

  /// The number of a function; the empty name stands for those that the logs do not name.
  func index(ofFunction name: String) -> Int {
    if let index = indexes[name] { return index }
    indexes[name] = functions.count
    functions.append(FunctionMetrics(period: options.period))
    return functions.count - 1
  }

  /// Adds an invocation that starts in the range, or before it: those only count for
  /// concurrency.
  func add(_ invocation: Store.InvocationSample, of function: Int) {
    if let interval = invocation.interval { functions[function].running.add(interval) }
    let start = invocation.start
    if let start, let first = options.timeRange.start, start < first { return }
    if let start, start < firstStart ?? .max { firstStart = start }
    functions[function].samples(at: start).add(invocation)
  }

  func addThrottle(of function: String, at time: Int64?) {
    if let time, time < firstThrottle ?? .max { firstThrottle = time }
    functions[index(ofFunction: function)].samples(at: time).addThrottle()
  }

  /// The report; nothing may be added after it was asked for.
  func report() -> MetricsReport {
    // Where the only period begins, when there is just one.
    let first = options.timeRange.start ?? firstStart ?? firstThrottle
    var points: [MetricsReport.Point] = []
    for (name, index) in indexes {
      for (start, samples) in functions[index].finish(first: first) {
        points.append(
          MetricsReport.Point(
            function: name, start: start, samples: samples, prices: options.prices))
      }
    }
    return MetricsReport(
      points: points.sorted {
        ($0.start ?? .min, $0.function) < ($1.start ?? .min, $1.function)
      }, period: options.period)
  }
}

/// What happened to one function, by period.
private final class FunctionMetrics {
  private let period: Int64?
  /// By when they begin; 0 where there is only one period.
  private var periods: [Int64: PeriodSamples] = [:]
  /// What happened at no known time.
  private var timeless: PeriodSamples?
  /// The period that was asked for last: neighbours mostly lie in the same.
  private var current: (range: Range<Int64>, samples: PeriodSamples)?
  var running = RunningInvocations()

  init(period: Int64?) {
    self.period = period
  }

  /// The period that has this time.
  func samples(at time: Int64?) -> PeriodSamples {
    guard let time else {
      let samples = timeless ?? PeriodSamples()
      timeless = samples
      return samples
    }
    if let current, current.range.contains(time) { return current.samples }
    var start: Int64 = 0
    if let period {
      let offset = time % period
      start = time &- (offset < 0 ? offset &+ period : offset)
    }
    let samples = periods[start] ?? PeriodSamples()
    periods[start] = samples
    current = (range(from: start), samples)
    return samples
  }

  private func range(from start: Int64) -> Range<Int64> {
    guard let period else { return .min..<(.max) }
    let (end, overflows) = start.addingReportingOverflow(period)
    return start..<(overflows ? .max : end)
  }

  /// The periods, each with its peak of concurrency; `first` is where an only one begins.
  func finish(first: Int64?) -> [(start: Int64?, samples: PeriodSamples)] {
    current = nil
    let ordered = periods.sorted { $0.key < $1.key }.map { start, samples in
      (start: period == nil ? first ?? start : start, samples: samples)
    }
    let ranges = ordered.map { period == nil ? $0.start..<(.max) : range(from: $0.start) }
    let peaks = running.peaks(in: ranges)
    running = RunningInvocations()
    for (point, peak) in zip(ordered, peaks) { point.samples.finish(concurrencyPeak: peak.count) }
    timeless?.finish(concurrencyPeak: 0)
    return ordered.map { ($0.start, $0.samples) } + (timeless.map { [(nil, $0)] } ?? [])
  }
}

extension Store.InvocationSample {
  /// From the start up to the end, at least one millisecond; `nil` without a time.
  ///
  /// An invocation without an end counts in its first millisecond: how long it ran is unknown.
  var interval: Range<Int64>? {
    guard let start else { return nil }
    var end = self.end ?? start
    // More than a year is no duration; sums with it would overflow.
    if let duration = durationMilliseconds, duration >= 0, duration < 32_000_000_000 {
      end = start &+ Int64(duration.rounded(.up))
    }
    let least = start == .max ? start : start + 1
    return start..<max(end, least)
  }
}
