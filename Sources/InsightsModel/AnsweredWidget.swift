/// A widget of a dashboard with its result.
public struct AnsweredWidget: Sendable {
  /// The content of a widget.
  public enum Content: Sendable {
    /// The rows of a query.
    case rows(ResultTable)
    case series([WidgetSeries])
    /// Markdown.
    case text(String)
    /// Why there is no result.
    case unanswered(String)
  }

  /// The title in the dashboard; may be empty.
  public var title: String
  /// The type in the dashboard: `log`, `metric`, `text`, ….
  public var type: String
  /// The column in a grid of 24.
  public var x: Int64
  /// The row in the grid.
  public var y: Int64
  /// The width in columns of the grid.
  public var width: Int64
  /// The height in rows of the grid.
  public var height: Int64
  /// `table`, `timeSeries`, `singleValue`, …; `nil` if the dashboard has none.
  public var view: String?
  /// The result, or why there is none.
  public var content: Content

  /// Makes a widget.
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

  /// The result as rows; `nil` if there are none.
  ///
  /// Metrics have the form of `stats … by bin(…), metric`.
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
    /// The start of the period in epoch milliseconds.
    public var time: Int64
    /// The value, in the unit of the metric.
    public var value: Double

    /// Makes a point.
    public init(time: Int64, value: Double) {
      self.time = time
      self.value = value
    }
  }

  /// The label of the line.
  public var label: String
  /// The points, in order of time.
  public var points: [Point]
  /// Why it cannot be computed; `nil` if it was.
  public var unanswered: String?

  /// Makes a series.
  public init(label: String, points: [Point], unanswered: String? = nil) {
    self.label = label
    self.points = points
    self.unanswered = unanswered
  }
}
