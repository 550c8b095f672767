public import InsightsText

/// A CloudWatch dashboard, as its JSON describes it.
public struct Dashboard: Sendable {
  /// The widgets, in the order of the body.
  public var widgets: [DashboardWidget]
  /// The range of those that do not say one.
  public var range: DashboardRange

  /// Reads the body of a dashboard, wherever in a document it stands: alone, in the answer of
  /// `get-dashboard`, in a template of CloudFormation or CDK, in a state or a plan of Terraform.
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
  /// - Throws: `DashboardError` where it has no dashboard.
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

/// Why a document cannot be read as a dashboard.
public struct DashboardError: Error, Hashable, Sendable {
  /// A sentence without a full stop.
  public let message: String

  init(_ message: String) {
    self.message = message
  }
}

/// One widget: where it stands, and what it shows.
public struct DashboardWidget: Sendable {
  public enum Content: Sendable {
    /// A query over logs.
    case log(query: String)
    case metrics([DashboardMetric], MetricWidgetOptions)
    /// Markdown.
    case text(String)
    /// Why it cannot be answered.
    case unanswered(String)
  }

  public var title: String
  /// `log`, `metric`, `text`, or what else the body says.
  public var type: String
  /// In the grid of 24 columns; `nil` where CloudWatch would place it.
  public var x: Int64?
  public var y: Int64?
  public var width: Int64
  public var height: Int64
  /// `table`, `timeSeries`, `singleValue`, …; `nil` where the body does not say.
  public var view: String?
  public var range: DashboardRange
  public var content: Content

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

/// What holds for all metrics of a widget.
public struct MetricWidgetOptions: Sendable {
  var statistic: String
  /// Milliseconds.
  var period: Int64
  /// Whether one period is the whole range.
  var usesRangeAsPeriod: Bool

  init(_ properties: JSONObject) {
    statistic = properties["stat"]?.string ?? "Average"
    period = (properties["period"]?.integer).map { $0 &* 1000 } ?? 300_000
    usesRangeAsPeriod = properties["setPeriodToTimeRange"]?.bool ?? false
  }
}
