public import InsightsText

/// A CloudWatch dashboard, parsed from its JSON.
public struct Dashboard: Sendable {
  /// The widgets, in the order of the body.
  var widgets: [DashboardWidget]
  /// The range for widgets without one.
  var range: DashboardRange

  /// Parses the body of a dashboard anywhere in a document: alone, in the reply of `get-dashboard`,
  /// in a template of CloudFormation or CDK, in a state or plan of Terraform.
  ///
  /// - Throws: `DashboardError`.
  public init(parsing text: [UInt8]) throws(DashboardError) {
    let document: JSONValue
    do throws(JSONError) {
      document = try JSONValue(parsing: text)
    } catch {
      throw DashboardError("this is no JSON, at byte \(error.offset)")
    }
    try self.init(document)
  }

  /// Reads a document that has been parsed.
  ///
  /// - Throws: `DashboardError` if it contains no dashboard.
  public init(_ document: JSONValue) throws(DashboardError) {
    guard let body = DashboardBody.find(in: document) else {
      throw DashboardError("the JSON has no dashboard: no member 'widgets'")
    }
    self.init(body)
  }

  private init(_ body: JSONObject) {
    range = DashboardRange(body)
    widgets = (body["widgets"]?.array ?? []).compactMap(\.object).map(DashboardWidget.init)
  }
}

/// A document cannot be read as a dashboard.
public struct DashboardError: Error, Hashable, Sendable {
  /// A sentence without a full stop.
  public let message: String

  init(_ message: String) {
    self.message = message
  }
}

/// A widget: its position, and its content.
struct DashboardWidget: Sendable {
  /// The content of a widget.
  enum Content: Sendable {
    /// A query over logs.
    case log(query: String)
    case metrics([DashboardMetric], MetricWidgetOptions)
    /// Markdown.
    case text(String)
    /// Why it cannot be answered.
    case unanswered(String)
  }

  /// The title; may be empty.
  var title: String
  /// `log`, `metric`, `text`, or another value of the body.
  var type: String
  /// The column in the grid of 24; `nil` if CloudWatch places it.
  var x: Int64?
  /// The row in the grid; `nil` if CloudWatch places it.
  var y: Int64?
  /// The width in columns of the grid.
  var width: Int64
  /// The height in rows of the grid.
  var height: Int64
  /// `table`, `timeSeries`, `singleValue`, …; `nil` if the body has none.
  var view: String?
  /// The range of the widget, if it has its own.
  var range: DashboardRange
  /// The content of the widget.
  var content: Content

  init(_ object: JSONObject) {
    let properties = object["properties"]?.object ?? JSONObject()
    type = object["type"]?.string ?? ""
    title = properties["title"]?.string ?? ""
    x = object["x"]?.integer
    y = object["y"]?.integer
    width = object["width"]?.integer ?? 6
    height = object["height"]?.integer ?? 6
    view = properties["view"]?.string
    range = DashboardRange(properties)
    switch type {
    case "text": content = .text(properties["markdown"]?.string ?? "")
    case "log":
      let language = properties["queryLanguage"]?.string ?? "CWLI"
      if language != "CWLI" {
        content = .unanswered("its query is in the language \(language)")
      } else if let query = properties["query"]?.string {
        content = .log(query: query)
      } else {
        content = .unanswered("it has no query")
      }
    case "metric":
      view = view ?? "timeSeries"
      do throws(DashboardError) {
        content = .metrics(
          try DashboardMetric.list(properties["metrics"]), MetricWidgetOptions(properties))
      } catch {
        content = .unanswered(error.message)
      }
    case "alarm": content = .unanswered("the state of alarms is not in logs")
    default: content = .unanswered("widgets of the type '\(type)' are not known")
    }
  }
}

/// The options of all metrics in a widget.
struct MetricWidgetOptions: Sendable {
  var statistic: String
  /// The default length of a period in milliseconds.
  var period: Int64
  /// Whether one period spans the whole range.
  var usesRangeAsPeriod: Bool

  init(_ properties: JSONObject) {
    statistic = properties["stat"]?.string ?? "Average"
    period = (properties["period"]?.integer).map { $0 &* 1000 } ?? 300_000
    usesRangeAsPeriod = properties["setPeriodToTimeRange"]?.bool ?? false
  }
}
