internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

extension NamedResult {
  /// The rows that a query gave, with what the query says of itself.
  init(_ query: SavedQuery, as source: SourceText, table: ResultTable) {
    self.init(
      name: query.name, title: query.title, description: query.description,
      query: source[0..<source.bytes.count],
      chart: query.chart.flatMap(ChartPreference.init(rawValue:)) ?? .automatic, table: table)
  }
}
