internal import InsightsModel

/// Sorts what happened into periods.
struct MetricsCollector {
  private struct Key: Hashable {
    var function: String
    var start: Int64?
  }

  private let options: MetricsOptions
  /// Where the only period begins, when there is just one.
  private let first: Int64?
  private var samples: [Key: [Metric: [Double]]] = [:]

  init(options: MetricsOptions, first: Int64?) {
    self.options = options
    self.first = options.timeRange.start ?? first
  }

  private func key(_ function: String, _ time: Int64?) -> Key {
    Key(function: function, start: time.flatMap { self.start(of: $0) })
  }

  /// When the period begins that has this time.
  private func start(of time: Int64) -> Int64? {
    guard let period = options.period else { return first }
    let offset = time % period
    return time &- (offset < 0 ? offset &+ period : offset)
  }

  private mutating func add(_ value: Double, to metric: Metric, _ key: Key) {
    samples[key, default: [:]][metric, default: []].append(value)
  }

  mutating func add(_ invocation: InvocationFact) {
    let key = key(invocation.function ?? "", invocation.start)
    add(1, to: .invocations, key)
    add(["error", "timeout"].contains(invocation.status) ? 1 : 0, to: .errors, key)
    guard let duration = invocation.duration else { return }
    add(duration, to: .duration, key)
    add(invocation.coldStart == nil ? 0 : 100, to: .coldStartRate, key)
    if let billed = invocation.billed, let size = invocation.memorySize {
      add(
        Double(billed) / 1000 * Double(size) / 1024 * options.pricePerGBSecond
          + options.pricePerMillionRequests / 1_000_000, to: .cost, key)
    }
  }

  mutating func addThrottle(of function: String, at time: Int64?) {
    add(1, to: .throttles, key(function, time))
  }

  /// Adds the exact peak of every period that has a point so far.
  mutating func addConcurrency(of intervals: [(function: String, interval: Range<Int64>)]) {
    let periods = Dictionary(grouping: samples.keys.filter { $0.start != nil }, by: \.function)
      .mapValues { $0.compactMap(\.start).sorted() }
    for (function, members) in Dictionary(grouping: intervals, by: \.function) {
      let starts = periods[function] ?? []
      let ranges = starts.map { start in start..<(options.period.map { start + $0 } ?? .max) }
      let peaks = ConcurrencyPeak.of(members.map(\.interval), in: ranges)
      for (start, peak) in zip(starts, peaks) where peak.count > 0 {
        add(
          Double(peak.count), to: .concurrentExecutions, Key(function: function, start: start))
      }
    }
  }

  var report: MetricsReport {
    let points = samples.map { key, samples in
      MetricsReport.Point(
        function: key.function, start: key.start, samples: samples.mapValues { $0.sorted() })
    }
    return MetricsReport(
      points: points.sorted {
        ($0.start ?? .min, $0.function) < ($1.start ?? .min, $1.function)
      }, period: options.period)
  }
}
