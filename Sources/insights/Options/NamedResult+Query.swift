internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

extension NamedResult {
  /// Combines the rows of a query with the query's own description.
  init(_ query: SavedQuery, as source: SourceText, table: ResultTable) {
    self.init(
      name: query.name, title: query.title, description: query.description,
      query: source[0..<source.bytes.count],
      chart: query.chart.flatMap(ChartPreference.init(rawValue:)) ?? .automatic, table: table)
  }
}
