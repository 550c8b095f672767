/// A widget of a dashboard with what was found for it.
public struct AnsweredWidget: Sendable {
  /// What a widget shows.
  public enum Content: Sendable {
    /// The rows of a query.
    case rows(ResultTable)
    case series([WidgetSeries])
    /// Markdown.
    case text(String)
    /// Why there is no answer.
    case unanswered(String)
  }

  /// As the dashboard has it; empty where it has none.
  public var title: String
  /// `log`, `metric`, `text`, …, as the dashboard calls it.
  public var type: String
  /// The place in a grid of 24 columns, and the size.
  public var x: Int64
  public var y: Int64
  public var width: Int64
  public var height: Int64
  /// `table`, `timeSeries`, `singleValue`, …; `nil` where the dashboard does not say.
  public var view: String?
  /// What was found, or why nothing was.
  public var content: Content

  public init(
    title: String, type: String, x: Int64, y: Int64, width: Int64, height: Int64, view: String?,
    content: Content
  ) {
    self.title = title
    self.type = type
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.view = view
    self.content = content
  }

  /// The answer as rows; `nil` where there are none to have.
  ///
  /// Metrics are what `stats … by bin(…), metric` would give.
  public var table: ResultTable? {
    switch content {
    case .rows(let table): return table
    case .series(let series):
      var table = ResultTable(
        columns: [
          ResultColumn(name: "time", type: .timestamp), ResultColumn(name: "metric", type: .text),
          ResultColumn(name: "value", type: .number, isComputed: true),
        ])
      table.rows = series.flatMap { one in
        one.points.map { [.integer($0.time), .text(one.label), .real($0.value)] }
      }
      table.groupKeys = ["time", "metric"]
      return table
    case .text, .unanswered: return nil
    }
  }
}

/// A metric over time, or why there is none.
public struct WidgetSeries: Sendable {
  /// The value of one period.
  public struct Point: Hashable, Sendable {
    /// When the period begins, epoch milliseconds.
    public var time: Int64
    /// In the unit of the metric.
    public var value: Double

    public init(time: Int64, value: Double) {
      self.time = time
      self.value = value
    }
  }

  /// The name shown beside the line.
  public var label: String
  /// In the order of time.
  public var points: [Point]
  /// Why it has none that can be reckoned; `nil` where it has.
  public var unanswered: String?

  public init(label: String, points: [Point], unanswered: String? = nil) {
    self.label = label
    self.points = points
    self.unanswered = unanswered
  }
}
