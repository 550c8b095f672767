internal import InsightsEngine
internal import InsightsModel

/// Computes the metrics of widgets; shared measurements are computed once.
final class DashboardMetrics {
  private struct Measurement: Hashable {
    var range: TimeRange
    var period: Int64?
    /// Whether all functions are combined: a metric without dimensions is that of the account.
    var combinesFunctions: Bool
  }

  private static let namespace = "AWS/Lambda"
  /// The Lambda metrics that can be computed from logs.
  private static let metrics: Set<Metric> = [
    .invocations, .errors, .throttles, .duration, .concurrentExecutions,
  ]
  private static let minute: Int64 = 60_000

  private let engine: Engine
  private let logGroups: [String]
  private var reports: [Measurement: MetricsReport] = [:]

  init(engine: Engine, logGroups: [String]) {
    self.engine = engine
    self.logGroups = logGroups
  }

  /// Returns the visible series of a widget's rows.
  func series(
    of rows: [DashboardMetric], _ options: MetricWidgetOptions, in range: TimeRange
  ) throws -> [WidgetSeries] {
    let resolver = Resolver(rows: rows) { [self] row in
      try values(of: row, options, in: range)
    }
    var labels = Self.labels(of: rows)
    var series: [WidgetSeries] = []
    for (index, row) in rows.enumerated() where row.isVisible {
      do throws(DashboardError) {
        for (name, values) in try resolver.series(at: index) {
          let points = values.sorted { $0.key < $1.key }.map {
            WidgetSeries.Point(time: $0.key, value: $0.value)
          }
          let label = name ?? MetricLabel.filled(labels[index], with: points.map(\.value))
          series.append(WidgetSeries(label: label, points: points))
        }
      } catch {
        labels[index] = MetricLabel.filled(labels[index], with: [])
        series.append(WidgetSeries(label: labels[index], points: [], unanswered: error.message))
      }
      if let failure = resolver.failure { throw failure }
    }
    return series
  }

  /// Returns the values of a metric by the start of their period.
  private func values(
    of row: DashboardMetric, _ options: MetricWidgetOptions, in range: TimeRange
  ) throws -> [Int64: Double] {
    guard case .metric(let namespace, let name, let dimensions) = row.source else { return [:] }
    guard namespace == Self.namespace else {
      throw DashboardError("metrics of the namespace '\(namespace)' are not in Lambda's logs")
    }
    guard let metric = Metric(named: name), Self.metrics.contains(metric) else {
      throw DashboardError("the metric '\(name)' is not in Lambda's logs")
    }
    let function = try Self.function(of: dimensions)
    let word = row.statistic ?? options.statistic
    guard let statistic = Statistic(named: word) else {
      throw DashboardError("the statistic '\(word)' is not known")
    }
    let length = (range.end ?? 0) - (range.start ?? 0)
    let isWhole = options.usesRangeAsPeriod && range.start != nil && range.end != nil
    let period = isWhole ? max(length, 1000) : max(row.period ?? options.period, 1000)
    var values: [Int64: Double] = [:]
    if metric == .concurrentExecutions, statistic != .maximum {
      values = try minutePeaks(of: function, statistic, by: period, in: range)
    } else {
      let report = try report(range, isWhole ? nil : period, of: function)
      for point in report.points where point.function == function ?? "" {
        guard let start = point.start else { continue }
        // A point without refused calls has zero throttles, rather than no value.
        let absent: Double? = metric == .throttles ? 0 : nil
        values[start] = point.value(of: metric, statistic) ?? absent
      }
    }
    return values
  }

  /// Computes statistics of a peak like CloudWatch: over the peak of each minute.
  private func minutePeaks(
    of function: String?, _ statistic: Statistic, by period: Int64, in range: TimeRange
  ) throws -> [Int64: Double] {
    var peaks: [Int64: [Double]] = [:]
    for point in try report(range, Self.minute, of: function).points
    where point.function == function ?? "" {
      guard let start = point.start,
        let peak = point.value(of: .concurrentExecutions, .maximum)
      else { continue }
      let offset = ((start % period) + period) % period
      peaks[start - offset, default: []].append(peak)
    }
    return peaks.compactMapValues { values in
      let counts = Dictionary(grouping: values, by: { $0 }).sorted { $0.key < $1.key }
      return statistic.value(of: CountedSamples(counts.map { ($0.key, $0.value.count) }))
    }
  }

  private func report(
    _ range: TimeRange, _ period: Int64?, of function: String?
  ) throws -> MetricsReport {
    let key = Measurement(range: range, period: period, combinesFunctions: function == nil)
    if let report = reports[key] { return report }
    let report = try engine.metrics(
      MetricsOptions(
        timeRange: range, logGroups: logGroups, period: period,
        combinesFunctions: key.combinesFunctions))
    reports[key] = report
    return report
  }

  /// Returns the function in the dimensions; `nil` if there is none, which means all functions.
  private static func function(
    of dimensions: [(name: String, value: String)]
  ) throws(DashboardError) -> String? {
    var function: String?
    for (name, value) in dimensions {
      switch name {
      case "FunctionName": function = value
      // Only the function itself, not its versions or aliases.
      case "Resource" where !value.contains(":"): function = function ?? value
      default:
        throw DashboardError("logs do not tell the dimension '\(name)' (\(value)) of a metric")
      }
    }
    return function
  }

  /// Returns the labels that distinguish the rows of a widget.
  private static func labels(of rows: [DashboardMetric]) -> [String] {
    var names: Set<String> = []
    var functions: Set<String> = []
    for row in rows {
      guard case .metric(_, let name, let dimensions) = row.source else { continue }
      names.insert(name)
      if let value = dimensions.last?.value { functions.insert(value) }
    }
    return rows.map { row in
      switch row.source {
      case .expression(let expression): return row.label ?? row.id ?? expression
      case .metric(_, let name, let dimensions):
        if let label = row.label { return label }
        let function = dimensions.last?.value
        if functions.count < 2 || function == nil { return name }
        return names.count > 1 ? "\(function ?? "") \(name)" : function ?? name
      }
    }
  }
}

/// Resolves the ids in expressions.
private final class Resolver {
  private let rows: [DashboardMetric]
  private let measure: (DashboardMetric) throws -> [Int64: Double]
  private var known: [Int: Result<MetricValues, DashboardError>] = [:]
  private var open: Set<Int> = []
  /// The first error other than an unsupported expression.
  private(set) var failure: (any Error)?

  init(
    rows: [DashboardMetric], measure: @escaping (DashboardMetric) throws -> [Int64: Double]
  ) {
    self.rows = rows
    self.measure = measure
  }

  /// Returns the series of a row, with names if there are several.
  func series(at index: Int) throws(DashboardError) -> [(name: String?, values: [Int64: Double])] {
    switch try values(at: index) {
    case .series(let values): return [(nil, values)]
    case .number(let number):
      // A single number is repeated at every time of the metrics.
      let times = known.values.reduce(into: Set<Int64>()) { times, result in
        if case .success(.series(let values)) = result { times.formUnion(values.keys) }
      }
      return [(nil, Dictionary(uniqueKeysWithValues: times.map { ($0, number) }))]
    case .list(let list):
      return list.enumerated().map { number, values in
        ("\(rows[index].label ?? rows[index].id ?? "series") \(number + 1)", values)
      }
    }
  }

  private func values(at index: Int) throws(DashboardError) -> MetricValues {
    if let result = known[index] { return try result.get() }
    guard open.insert(index).inserted else {
      throw DashboardError("the expressions of the widget refer to each other in a cycle")
    }
    defer { open.remove(index) }
    do throws(DashboardError) {
      let values = try evaluate(index)
      known[index] = .success(values)
      return values
    } catch {
      known[index] = .failure(error)
      throw error
    }
  }

  private func evaluate(_ index: Int) throws(DashboardError) -> MetricValues {
    guard case .expression(let expression) = rows[index].source else {
      do {
        return .series(try measure(rows[index]))
      } catch let error as DashboardError {
        throw error
      } catch {
        failure = error
        throw DashboardError("the metric cannot be read")
      }
    }
    return try MetricMath.value(of: expression) { [self] (id) throws(DashboardError) in
      guard let index = rows.firstIndex(where: { $0.id == id }) else { return nil }
      return try values(at: index)
    } metrics: { [self] (text) throws(DashboardError) in
      var list: [[Int64: Double]] = []
      for (index, row) in rows.enumerated() {
        guard case .metric = row.source, text.isEmpty || row.id?.contains(text) == true else {
          continue
        }
        if case .series(let values) = try values(at: index) { list.append(values) }
      }
      return list
    }
  }
}

/// Replaces numbers in labels: `errors (max: ${MAX})`.
enum MetricLabel {
  static func filled(_ label: String, with values: [Double]) -> String {
    guard label.contains("${") else { return label }
    var filled = label
    let replacements: [(String, Double?)] = [
      ("${LAST}", values.last), ("${FIRST}", values.first), ("${MAX}", values.max()),
      ("${MIN}", values.min()), ("${SUM}", values.isEmpty ? nil : values.reduce(0, +)),
      ("${AVG}", values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)),
    ]
    for (placeholder, value) in replacements {
      guard let value else {
        filled.replace(placeholder, with: "–")
        continue
      }
      let rounded = (value * 100).rounded() / 100
      let text = Int64(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
      filled.replace(placeholder, with: text)
    }
    return filled
  }
}
