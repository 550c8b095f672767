public import InsightsModel

/// The result of a query that has a name.
public struct NamedResult: Equatable, Sendable {
  /// The full name of the query, such as `lambda/errors`.
  public var name: String
  /// A readable title.
  public var title: String?
  /// A description in one sentence.
  public var description: String?
  /// The text of the query.
  public var query: String?
  /// The chart that the query asks for.
  public var chart: ChartPreference
  /// The headline number with its unit, such as `3 timeouts`; `nil` if there is none.
  public var headline: Report.Fact?
  /// The rows.
  public var table: ResultTable

  /// Makes a result.
  public init(
    name: String, title: String? = nil, description: String? = nil, query: String? = nil,
    chart: ChartPreference = .automatic, headline: Report.Fact? = nil, table: ResultTable
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.query = query
    self.chart = chart
    self.headline = headline
    self.table = table
  }
}

/// The chart that a query asks for, by `# chart:` in a saved query.
public enum ChartPreference: String, Hashable, Sendable {
  /// Drawn if the rows are suitable.
  case automatic
  /// Never drawn.
  case none
  case bar
  case line

  var kind: Chart.Kind? { Chart.Kind(rawValue: rawValue) }
}
