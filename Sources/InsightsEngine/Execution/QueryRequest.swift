public import InsightsModel
public import InsightsQuery

/// Everything that determines the rows of a query except the store: what front ends pass to an
/// engine.
public struct QueryRequest: Sendable {
  /// The text, with saved queries and parameters filled in.
  public let source: SourceText
  /// The time range, the log groups, the value of `now()`, and the maximum number of rows.
  ///
  /// If the options contain no lookup tables, those of the request apply.
  public private(set) var options: Binder.Options
  /// The tables that `lookup` and `cidrlookup` may use.
  public let lookupTables: [LookupTable]
  /// Whether the final statistics are exact, which needs additional queries.
  public var wantsStatistics: Bool
  /// The scan optimizations to use; they do not change the rows.
  var optimizations: ScanOptimizations
  /// The query, compiled; `nil` if the engine that runs it compiles it first.
  private(set) var compiled: CompiledQuery?

  /// Makes a request for a query whose text is complete.
  ///
  /// If `lookupTables` is not `nil`, the query may use no other tables.
  public init(
    _ source: SourceText, options: Binder.Options = Binder.Options(),
    lookupTables: [LookupTable]? = nil, wantsStatistics: Bool = false,
    optimizations: ScanOptimizations = .all
  ) {
    self.source = source
    self.options = options
    self.lookupTables = lookupTables ?? []
    self.wantsStatistics = wantsStatistics
    self.optimizations = optimizations
    if options.lookupTables == nil, let lookupTables {
      self.options.lookupTables = Dictionary(
        lookupTables.map { ($0.name, $0.columns) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Compiles the query with an engine, so that the one that runs it, which may be another engine
  /// over the same store, does not do so again.
  ///
  /// Its names keep the meaning that they have now.
  ///
  /// - Throws: `QueryError`, and `StoreError` if the store's names cannot be read.
  public mutating func compile(by engine: Engine) throws -> CompiledQuery {
    let query = try compiled(by: engine)
    compiled = query
    return query
  }

  /// Returns the compiled query.
  func compiled(by engine: Engine) throws -> CompiledQuery {
    if let compiled { return compiled }
    let query = try engine.compile(source, options: options)
    if let failure = engine.catalog.failure { throw failure }
    return query
  }
}
