public import InsightsModel

/// The options of a metrics report.
public struct MetricsOptions: Sendable {
  /// The range in which invocations start.
  public var timeRange: TimeRange
  /// Globs for log group names; empty for all.
  public var logGroups: [String]
  /// The length of a period in milliseconds; `nil` for a single period from the first to the last
  /// start.
  public var period: Int64?
  /// The prices for the metric `Cost`.
  var prices: Prices
  /// Whether all functions are measured as one, without a name.
  var combinesFunctions: Bool

  /// Lambda's prices in US dollars.
  public struct Prices: Sendable {
    /// The price of a gigabyte for a second.
    public var perGBSecond: Double
    /// The price of a million requests.
    public var perMillionRequests: Double

    /// The prices of x86 functions in most regions.
    public static let standard = Prices(perGBSecond: 0.000_016_666_7, perMillionRequests: 0.20)

    /// Makes a list of prices.
    public init(perGBSecond: Double, perMillionRequests: Double) {
      self.perGBSecond = perGBSecond
      self.perMillionRequests = perMillionRequests
    }
  }

  /// Makes options.
  public init(
    timeRange: TimeRange = .everything, logGroups: [String] = [], period: Int64? = nil,
    prices: Prices = .standard, combinesFunctions: Bool = false
  ) {
    self.timeRange = timeRange
    self.logGroups = logGroups
    self.period = period
    self.prices = prices
    self.combinesFunctions = combinesFunctions
  }
}

/// The metrics of functions over time, sorted by period and function.
///
/// As in CloudWatch an invocation counts in the period in which it starts, and periods begin at
/// multiples of their length. A period without invocations or throttles of a function has no point.
public struct MetricsReport {
  /// One function in one period.
  struct Point {
    /// Empty if the logs do not name it.
    let function: String
    /// The start of the period in epoch milliseconds; `nil` for invocations without a time.
    let start: Int64?
    let samples: PeriodSamples
    let prices: MetricsOptions.Prices

    /// Returns a statistic of a metric; `nil` if the period has no sample of it.
    func value(of metric: Metric, _ statistic: Statistic) -> Double? {
      samples.value(of: metric, statistic, prices: prices)
    }
  }

  /// The points, sorted.
  let points: [Point]
  /// The length of a period in milliseconds; `nil` for a single period.
  let period: Int64?

  /// One row per point: the period's start, the function and its metrics by CloudWatch's names.
  public var table: ResultTable {
    table(columns: [
      "Invocations", "Errors", "Throttles", "DurationP50", "DurationP95", "DurationP99",
      "DurationMax", "ConcurrentExecutions", "ColdStartRate", "Cost", "CostPerMillion",
    ])
  }

  /// The same rows in a short form: short names, tenths of milliseconds, and the period only if
  /// there are several.
  public var shortTable: ResultTable {
    var table = table(columns: [
      "invocations", "errors", "throttles", "p50 ms", "p95 ms", "p99 ms", "max ms", "peak",
      "cold %", "$", "$/million",
    ])
    for (index, column) in table.columns.enumerated() where column.name.hasSuffix(" ms") {
      for row in table.rows.indices {
        if case .real(let number) = table.rows[row][index] {
          table.rows[row][index] = .real((number * 10).rounded() / 10)
        }
      }
    }
    if period == nil {
      table.columns.removeFirst()
      for index in table.rows.indices { table.rows[index].removeFirst() }
    }
    return table
  }

  private func table(columns names: [String]) -> ResultTable {
    var table = ResultTable(
      columns: [
        ResultColumn(name: "period", type: .timestamp), ResultColumn(name: "function", type: .text),
      ] + names.map { ResultColumn(name: $0, type: .number, isComputed: true) })
    for point in points {
      func value(_ metric: Metric, _ statistic: Statistic) -> Value {
        point.value(of: metric, statistic).map { .real($0) } ?? .null
      }
      func count(_ metric: Metric) -> Value {
        .integer(Int64(point.value(of: metric, .sum) ?? 0))
      }
      table.rows.append([
        point.start.map { .integer($0) } ?? .null,
        point.function.isEmpty ? .null : .text(point.function),
        count(.invocations), count(.errors), count(.throttles),
        value(.duration, .percentile(50)), value(.duration, .percentile(95)),
        value(.duration, .percentile(99)), value(.duration, .maximum),
        value(.concurrentExecutions, .maximum), value(.coldStartRate, .average),
        value(.cost, .sum),
        // The cost of a single period rounds to zero if there are few requests.
        point.value(of: .cost, .average).map { .real($0 * 1_000_000) } ?? .null,
      ])
    }
    return table
  }
}
