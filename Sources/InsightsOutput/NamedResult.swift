public import InsightsModel

/// The result of a query that has a name.
public struct NamedResult: Equatable, Sendable {
  /// The full name of the query, such as `lambda/errors`.
  public var name: String
  /// What the query shows, for people.
  public var title: String?
  /// The same in a sentence.
  public var description: String?
  /// The text of the query.
  public var query: String?
  public var chart: ChartPreference
  /// The number that the rows come down to, with its unit: `3 timeouts`; `nil` where they have none.
  public var headline: Report.Fact?
  public var table: ResultTable

  /// Names a result.
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

/// How whoever wrote a query wants its result drawn: `# chart:` of a saved query.
public enum ChartPreference: String, Hashable, Sendable {
  /// As the rows suggest.
  case automatic
  /// Not at all; the rows say more.
  case none
  case bar
  case line

  var kind: Chart.Kind? { Chart.Kind(rawValue: rawValue) }
}
