internal import InsightsModel
internal import InsightsStore
internal import InsightsTriage

/// Collects invocations and throttles by period, in any order.
///
/// It needs twelve to sixteen bytes per invocation; about eight in periods with many.
final class MetricsCollector {
  private let options: MetricsOptions
  private var functions: [FunctionMetrics]
  private var indexes: [String: Int]
  /// The first start of an invocation, and the first throttle, if they have times.
  private var firstStart: Int64?
  private var firstThrottle: Int64?

  /// `functions` are unique names; the empty name represents functions that the logs do not name.
  init(options: MetricsOptions, functions: [String]) {
    self.options = options
    self.functions = functions.map { _ in FunctionMetrics(period: options.period) }
    indexes = Dictionary(uniqueKeysWithValues: zip(functions, functions.indices))
  }

  /// Adds invocations of a function that start in the range, or before it: those count only for
  /// concurrency.
  func add(_ samples: InvocationSamples, ofFunction number: Int) {
    let function = functions[number]
    function.running.add(samples)
    var rest = samples
    while let first = rest.first {
      if let start = first.start, let least = options.timeRange.start, start < least {
        rest = rest.dropFirst()
        continue
      }
      let period = function.period(at: first.start)
      var end = rest.startIndex + 1
      if let range = period.range {
        while end < rest.endIndex, let start = rest[end].start, range.contains(start),
          start >= options.timeRange.start ?? .min
        {
          end += 1
        }
      }
      let run = rest[rest.startIndex..<end]
      for sample in run {
        if let start = sample.start, start < firstStart ?? .max { firstStart = start }
      }
      period.samples.add(run)
      rest = rest[end...]
    }
  }

  /// Moves what another collector has collected here; it must not be used afterwards.
  func merge(_ other: MetricsCollector) {
    for (function, otherFunction) in zip(functions, other.functions) {
      function.merge(otherFunction)
    }
    if let start = other.firstStart, start < firstStart ?? .max { firstStart = start }
  }

  func addThrottle(of function: String, at time: Int64?) {
    if let time, time < firstThrottle ?? .max { firstThrottle = time }
    let name = options.combinesFunctions ? "" : function
    let index = indexes[name] ?? functions.count
    if index == functions.count {
      indexes[name] = index
      functions.append(FunctionMetrics(period: options.period))
    }
    functions[index].period(at: time).samples.addThrottle()
  }

  /// Returns the report; nothing may be added afterwards.
  func report() -> MetricsReport {
    // The start of the period, if there is only one.
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

/// The samples of one function, by period.
private final class FunctionMetrics {
  private let period: Int64?
  /// The periods by their start; 0 if there is only one period.
  private var periods: [Int64: PeriodSamples] = [:]
  /// The samples without a time.
  private var timeless: PeriodSamples?
  /// The last period used, since consecutive samples are mostly in the same one.
  private var current: (range: Range<Int64>, samples: PeriodSamples)?
  var running = RunningInvocations()

  init(period: Int64?) {
    self.period = period
  }

  /// Returns the period that contains a time, and its range.
  func period(at time: Int64?) -> (samples: PeriodSamples, range: Range<Int64>?) {
    guard let time else {
      let samples = timeless ?? PeriodSamples()
      timeless = samples
      return (samples, nil)
    }
    if let current, current.range.contains(time) { return (current.samples, current.range) }
    var start: Int64 = 0
    if let period {
      let offset = time % period
      start = time &- (offset < 0 ? offset &+ period : offset)
    }
    let samples = periods[start] ?? PeriodSamples()
    periods[start] = samples
    let range = range(from: start)
    current = (range, samples)
    return (samples, range)
  }

  /// Adds what another collector has collected.
  func merge(_ other: FunctionMetrics) {
    current = nil
    running.merge(&other.running)
    for (start, samples) in other.periods {
      if let known = periods[start] { known.add(samples) } else { periods[start] = samples }
    }
    if let samples = other.timeless {
      if let timeless { timeless.add(samples) } else { timeless = samples }
    }
  }

  private func range(from start: Int64) -> Range<Int64> {
    guard let period else { return .min..<(.max) }
    let (end, overflows) = start.addingReportingOverflow(period)
    return start..<(overflows ? .max : end)
  }

  /// Returns the periods, each with its concurrency peak; `first` is the start of a single period.
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
