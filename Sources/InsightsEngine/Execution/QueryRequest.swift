public import InsightsModel
public import InsightsQuery

/// All that decides the rows of a query, but for the store: what any front end asks an engine for.
public struct QueryRequest: Sendable {
  /// The query's text, with saved queries and parameters put in.
  public var source: SourceText
  /// The range of time, the log groups, what `now()` gives, and the most rows.
  ///
  /// Where nothing is said of lookup tables, they are those of the request.
  public var options: Binder.Options
  /// The tables that `lookup` and `cidrlookup` may name.
  public var lookupTables: [LookupTable]
  /// Whether the statistics are exact at the end, which takes queries of their own.
  public var wantsStatistics: Bool
  /// How scans may save work; the rows are the same.
  public var techniques: ScanTechniques

  /// Asks for a query whose text is complete.
  ///
  /// Where `lookupTables` are given, also none, the query may name no others.
  public init(
    _ source: SourceText, options: Binder.Options = Binder.Options(),
    lookupTables: [LookupTable]? = nil, wantsStatistics: Bool = false,
    techniques: ScanTechniques = .all
  ) {
    self.source = source
    self.options = options
    self.lookupTables = lookupTables ?? []
    self.wantsStatistics = wantsStatistics
    self.techniques = techniques
    if options.lookupTables == nil, let lookupTables {
      self.options.lookupTables = Dictionary(
        lookupTables.map { ($0.name, $0.columns) }, uniquingKeysWith: { first, _ in first })
    }
  }
}
