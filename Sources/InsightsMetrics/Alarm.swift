internal import InsightsText

/// A threshold in the form of CloudWatch's alarms: `Errors Sum 60s 1of1 > 5`.
///
/// It fires for a function when the statistic breaches the threshold in M of N consecutive periods.
/// Periods without data do not breach it.
public struct Alarm: Hashable, Sendable {
  /// The operator that compares a value with the threshold.
  enum Comparison: String, CaseIterable, Hashable, Sendable {
    case greaterOrEqual = ">="
    case greater = ">"
    case lessOrEqual = "<="
    case less = "<"

    func isTrue(of value: Double, _ threshold: Double) -> Bool {
      switch self {
      case .greaterOrEqual: value >= threshold
      case .greater: value > threshold
      case .lessOrEqual: value <= threshold
      case .less: value < threshold
      }
    }
  }

  /// The text of the alarm, as written.
  public let text: String
  /// The metric.
  let metric: Metric
  /// The statistic of the metric.
  let statistic: Statistic
  /// The name of the statistic, as written.
  let statisticName: String
  /// The length of a period in milliseconds.
  public let period: Int64
  /// The number of periods that must breach the threshold: M of `MofN`.
  let datapoints: Int
  /// The number of consecutive periods that are evaluated: N of `MofN`.
  let evaluationPeriods: Int
  /// The comparison.
  let comparison: Comparison
  /// The threshold, in the unit of the metric.
  let threshold: Double

  /// Parses `METRIC STATISTIC PERIOD [MofN] COMPARISON THRESHOLD`.
  ///
  /// - Throws: `AlarmError` that names the invalid part, and the valid form.
  public init(_ text: String) throws(AlarmError) {
    // The comparison needs no spaces around it.
    var spaced = ""
    for (index, character) in zip(text.indices, text) {
      if "<>".contains(character) {
        spaced += " \(character)"
        if text[text.index(after: index)...].first != "=" { spaced += " " }
      } else if character == "=", spaced.hasSuffix("<") || spaced.hasSuffix(">") {
        spaced += "= "
      } else {
        spaced.append(character)
      }
    }
    let words = spaced.split { $0.isWhitespace }.map(String.init)
    guard words.count == 5 || words.count == 6 else {
      throw AlarmError("an alarm reads 'Errors Sum 60s 1of1 > 5'")
    }
    guard let metric = Metric(named: words[0]) else {
      throw AlarmError("unknown metric '\(words[0])'", metrics: Metric.allCases.map(\.rawValue))
    }
    guard let statistic = Statistic(named: words[1]) else {
      throw AlarmError(
        "unknown statistic '\(words[1])'; statistics: Sum, Average, Minimum, Maximum, SampleCount, p95"
      )
    }
    guard metric != .concurrentExecutions || statistic == .maximum else {
      throw AlarmError("ConcurrentExecutions is a peak: its statistic is Maximum")
    }
    let length = Int64(words[2]).map { $0 <= 1_000_000_000 ? $0 * 1000 : 0 }
    guard let period = length ?? TimeExpression.length(words[2]), period > 0 else {
      throw AlarmError("'\(words[2])' is no length of a period, such as 60s or 5m")
    }
    let (datapoints, evaluationPeriods) =
      words.count == 6 ? try Self.evaluation(words[3]) : (1, 1)
    guard let comparison = Comparison(rawValue: words[words.count - 2]) else {
      throw AlarmError("'\(words[words.count - 2])' is no comparison: > >= < <=")
    }
    guard let threshold = Double(words[words.count - 1]), threshold.isFinite else {
      throw AlarmError("the threshold '\(words[words.count - 1])' is no number")
    }
    self.text = text
    self.metric = metric
    self.statistic = statistic
    statisticName = words[1]
    self.period = period
    self.datapoints = datapoints
    self.evaluationPeriods = evaluationPeriods
    self.comparison = comparison
    self.threshold = threshold
  }

  private static func evaluation(_ word: String) throws(AlarmError) -> (Int, Int) {
    let parts = word.lowercased().split(separator: "o", maxSplits: 1)
    if parts.count == 2, parts[1].hasPrefix("f"), let datapoints = Int(parts[0]),
      let periods = Int(parts[1].dropFirst()), datapoints >= 1, datapoints <= periods,
      periods <= 10_000
    {
      return (datapoints, periods)
    }
    throw AlarmError("'\(word)' does not read as M of N periods, such as 2of3")
  }
}

/// A text is not a valid alarm.
public struct AlarmError: Error, Hashable, Sendable {
  /// A sentence without a full stop.
  public let message: String

  init(_ message: String) { self.message = message }

  init(_ message: String, metrics: [String]) {
    self.message = "\(message); metrics: \(metrics.joined(separator: ", "))"
  }
}

/// An alarm that fired for a function.
public struct AlarmFiring: Hashable, Sendable {
  /// The alarm.
  let alarm: Alarm
  /// The name of the function.
  let function: String
  /// The start of the first period in the window that fired, in epoch milliseconds.
  let start: Int64
  /// The values in that window that breached the threshold.
  let values: [Double]
  /// The number of windows in the range that would have fired, including overlapping ones.
  let count: Int
}

extension AlarmFiring {
  /// Function, alarm and time, in a few words.
  public var reason: String {
    var text = Array((function.isEmpty ? "a function that the logs do not name" : function).utf8)
    text += ": \(alarm.metric.rawValue) \(alarm.statisticName) was ".utf8
    for (index, value) in values.enumerated() {
      if index > 0 { text += ", ".utf8 }
      NumericText.appendRounded(value, fractionDigits: 4, to: &text)
    }
    text += " in ".utf8
    if alarm.evaluationPeriods > 1 {
      text += "\(alarm.datapoints) of \(alarm.evaluationPeriods) periods".utf8
    } else {
      text += "the period".utf8
    }
    text += " from ".utf8
    Timestamp.append(start, to: &text)
    if count > 1 { text += ", the first of \(count) times".utf8 }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Alarm {
  /// Returns the firings, sorted by function.
  ///
  /// `report` must have the alarm's period.
  public func firings(in report: MetricsReport) -> [AlarmFiring] {
    let functions = Dictionary(grouping: report.points, by: \.function)
    return functions.sorted { $0.key < $1.key }.compactMap { function, points in
      // Only windows that end with a breaching period can fire.
      let breaches = points.compactMap { point -> (start: Int64, value: Double)? in
        guard let start = point.start, let value = point.value(of: metric, statistic),
          comparison.isTrue(of: value, threshold)
        else { return nil }
        return (start, value)
      }
      let windowLength = period.multipliedReportingOverflow(by: Int64(evaluationPeriods - 1))
      let reach = windowLength.overflow ? Int64.max : windowLength.partialValue
      var first: ArraySlice<(start: Int64, value: Double)>?
      var count = 0
      for index in breaches.indices where index + 1 >= datapoints {
        let window = breaches[(index + 1 - datapoints)...index]
        guard let oldest = window.first, breaches[index].start - oldest.start <= reach else {
          continue
        }
        count += 1
        first = first ?? window
      }
      guard let first, let oldest = first.first else { return nil }
      return AlarmFiring(
        alarm: self, function: function, start: oldest.start, values: first.map(\.value),
        count: count)
    }
  }
}
