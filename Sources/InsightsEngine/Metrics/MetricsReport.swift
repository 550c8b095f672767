public import InsightsModel

/// What to measure, and how.
public struct MetricsOptions: Sendable {
  /// Every invocation that starts in this range.
  public var timeRange: TimeRange
  /// Globs over log group names; empty for all.
  public var logGroups: [String]
  /// The length of a period in milliseconds; `nil` for one period from the first to the last start.
  public var period: Int64?
  public var prices: Prices
  /// Whether all functions are measured as one, without a name.
  public var combinesFunctions: Bool

  /// What Lambda costs, in US dollars.
  public struct Prices: Sendable {
    public var perGBSecond: Double
    public var perMillionRequests: Double

    /// Those of x86 functions in most regions.
    public static let standard = Prices(perGBSecond: 0.000_016_666_7, perMillionRequests: 0.20)

    public init(perGBSecond: Double, perMillionRequests: Double) {
      self.perGBSecond = perGBSecond
      self.perMillionRequests = perMillionRequests
    }
  }

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

/// The metrics of functions over time, in order of period and function.
///
/// As in CloudWatch an invocation counts in the period in which it starts, and periods begin at
/// multiples of their length. A period without invocations or throttles of a function has no point.
public struct MetricsReport {
  /// One function in one period.
  public struct Point {
    /// Empty where the logs do not name it.
    public let function: String
    /// Epoch milliseconds; `nil` for invocations without a time.
    public let start: Int64?
    let samples: PeriodSamples
    let prices: MetricsOptions.Prices

    /// A statistic of a metric; `nil` where the period has no sample of it.
    public func value(of metric: Metric, _ statistic: Statistic) -> Double? {
      samples.value(of: metric, statistic, prices: prices)
    }
  }

  public let points: [Point]
  /// Milliseconds; `nil` for a single period.
  public let period: Int64?

  /// A row for each point: the period's start, the function and its metrics by CloudWatch's names.
  public var table: ResultTable {
    table(columns: [
      "Invocations", "Errors", "Throttles", "DurationP50", "DurationP95", "DurationP99",
      "DurationMax", "ConcurrentExecutions", "ColdStartRate", "Cost", "CostPerMillion",
    ])
  }

  /// The same for people: short names, tenths of milliseconds, and the period only where there are several.
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
        // A period's own cost rounds to nothing where there are few requests.
        point.value(of: .cost, .average).map { .real($0 * 1_000_000) } ?? .null,
      ])
    }
    return table
  }
}
