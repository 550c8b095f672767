internal import InsightsText

/// A row of a widget's `metrics`: a CloudWatch metric, or an expression over others.
struct DashboardMetric: Sendable {
  enum Source: Sendable {
    /// A namespace, a name, and dimensions by name.
    case metric(namespace: String, name: String, dimensions: [(name: String, value: String)])
    case expression(String)
  }

  var source: Source
  /// The id that expressions use.
  var id: String?
  var label: String?
  var statistic: String?
  /// The length of a period in milliseconds.
  var period: Int64?
  var isVisible: Bool

  /// Parses the rows of a widget.
  ///
  /// `.` repeats the value of the previous row at this position; `...` repeats as many of its
  /// values as fit before the following ones.
  static func list(_ value: JSONValue?) throws(DashboardError) -> [DashboardMetric] {
    guard let rows = value?.array, !rows.isEmpty else {
      throw DashboardError("it has no metrics")
    }
    var metrics: [DashboardMetric] = []
    var previous: [String] = []
    for row in rows {
      guard let elements = row.array else {
        throw DashboardError("a row of its metrics is no list")
      }
      let options = elements.compactMap(\.object).last ?? JSONObject()
      let words = elements.compactMap(\.string)
      if let expression = options["expression"]?.string {
        metrics.append(DashboardMetric(.expression(expression), options))
        continue
      }
      let parts = try expanded(words, after: previous)
      guard parts.count >= 2, parts.count.isMultiple(of: 2) else {
        throw DashboardError("a row of its metrics is incomplete: \(words.joined(separator: ", "))")
      }
      previous = parts
      let dimensions = stride(from: 2, to: parts.count, by: 2).map { index in
        (name: parts[index], value: parts[index + 1])
      }
      metrics.append(
        DashboardMetric(
          .metric(namespace: parts[0], name: parts[1], dimensions: dimensions), options))
    }
    return metrics
  }

  private init(_ source: Source, _ options: JSONObject) {
    self.source = source
    id = options["id"]?.string
    label = options["label"]?.string
    statistic = options["stat"]?.string
    period = options["period"]?.integer.map { $0 &* 1000 }
    isVisible = options["visible"]?.bool ?? true
  }

  private static func expanded(
    _ words: [String], after previous: [String]
  ) throws(DashboardError) -> [String] {
    var parts: [String] = []
    for (index, word) in words.enumerated() {
      switch word {
      case ".":
        guard parts.count < previous.count else {
          throw DashboardError("a row of its metrics begins with '.', and none is before it")
        }
        parts.append(previous[parts.count])
      case "...":
        let rest = words.count - index - 1
        guard previous.count >= parts.count + rest else {
          throw DashboardError("a row of its metrics has '...', and none is before it")
        }
        parts += previous[parts.count..<(previous.count - rest)]
      default: parts.append(word)
      }
    }
    return parts
  }
}
