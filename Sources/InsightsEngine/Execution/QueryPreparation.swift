public import InsightsModel
public import InsightsQuery

/// Builds requests from user input; every front end uses it.
///
/// User input consists of queries with placeholders and calls of saved queries, a time range that
/// may be relative to now, log groups, and tables.
public struct QueryPreparation: Sendable {
  /// The time range.
  public var range: RangeSelection
  /// Globs for the names of log groups; if empty, a query reads the groups of its link, or all.
  public var logGroups: [String]
  /// The values of the placeholders `{{name}}`.
  public var parameters: [String: String]
  /// The maximum number of rows, in addition to any limit of the query.
  public var rowLimit: Int?
  /// Whether rows include their `@ptr` and patterns their details, and statistics are exact.
  public var wantsDetails: Bool
  /// Returns the saved queries that others may call; invoked only if there is a call.
  public var pack: @Sendable () -> QueryPack
  /// CSV files by table name.
  public var lookupFiles: [String: String]
  /// Folders with further tables.
  public var lookupFolders: [String]

  /// Makes a preparation.
  public init(
    range: RangeSelection = RangeSelection(), logGroups: [String] = [],
    parameters: [String: String] = [:], rowLimit: Int? = nil, wantsDetails: Bool = false,
    pack: @escaping @Sendable () -> QueryPack = { QueryPack(folders: []) },
    lookupFiles: [String: String] = [:], lookupFolders: [String] = []
  ) {
    self.range = range
    self.logGroups = logGroups
    self.parameters = parameters
    self.rowLimit = rowLimit
    self.wantsDetails = wantsDetails
    self.pack = pack
    self.lookupFiles = lookupFiles
    self.lookupFolders = lookupFolders
  }

  /// Fills in the parameters of a query, expands calls of saved queries, and reads the tables that
  /// it uses.
  ///
  /// - Throws: `RequestError`, `ParameterError`, `LookupError`, `QueryError` for a malformed call.
  public func prepare(_ query: SavedQuery) throws -> PreparedQuery {
    try prepare([query])[0]
  }

  /// Prepares several queries: each takes the parameters that it declares, and they share the
  /// tables.
  public func prepare(_ queries: [SavedQuery]) throws -> [PreparedQuery] {
    let sources = try filled(queries).map(expanded)
    let tables = try tables(usedBy: sources)
    return zip(queries, sources).map { PreparedQuery(query: $0, source: $1, lookupTables: tables) }
  }

  /// Returns the texts of queries with their parameters filled in.
  ///
  /// - Throws: `RequestError.unknownParameter`, `ParameterError`.
  public func filled(_ queries: [SavedQuery]) throws -> [SourceText] {
    var known: [String] = []
    for name in queries.flatMap(\.parameterNames) where !known.contains(name) {
      known.append(name)
    }
    // A value without a placeholder in any query is an error, most likely a misspelt name.
    if let unknown = parameters.keys.sorted().first(where: { !known.contains($0) }) {
      throw RequestError.unknownParameter(name: unknown, known: known)
    }
    return try queries.map { try $0.source(filling: parameters) }
  }

  /// Expands the calls of saved queries in a query.
  ///
  /// - Throws: `QueryError`.
  public func expanded(_ source: SourceText) throws(QueryError) -> SourceText {
    // Only a call needs the pack, which is read from files.
    guard source.bytes.contains(UInt8(ascii: "$")) else { return source }
    return try pack().expandingCalls(in: source)
  }

  /// Returns the existing tables that queries use.
  ///
  /// - Throws: `LookupError`.
  public func tables(usedBy sources: [SourceText]) throws(LookupError) -> [LookupTable] {
    try LookupTables(files: lookupFiles, folders: lookupFolders).tables(usedBy: sources)
  }

  /// Returns the log groups that a query reads.
  public func logGroups(of query: SavedQuery) -> [String] {
    logGroups.isEmpty ? query.link?.logGroups ?? [] : logGroups
  }

  /// Returns the options for binding a query; `clock` is the current time in epoch milliseconds.
  ///
  /// - Throws: `RequestError.emptyRange`.
  func options(
    of query: SavedQuery, at clock: Int64
  ) throws(RequestError) -> Binder.Options {
    Binder.Options(
      timeRange: try range.timeRange(at: clock, link: query.link), logGroups: logGroups(of: query),
      now: clock, rowLimit: rowLimit, showsDetails: wantsDetails)
  }

  /// Returns the request for a prepared query; `clock` is the current time in epoch milliseconds.
  ///
  /// - Throws: `RequestError.emptyRange`.
  public func request(
    for prepared: PreparedQuery, at clock: Int64
  ) throws(RequestError) -> QueryRequest {
    var options = try options(of: prepared.query, at: clock)
    options.lookupTables = columns(of: prepared.lookupTables)
    return QueryRequest(
      prepared.source, options: options, lookupTables: prepared.lookupTables,
      wantsStatistics: wantsDetails)
  }

  /// Returns the columns of the tables; a given table that no query uses has none.
  public func columns(of tables: [LookupTable]) -> [String: [String]] {
    Dictionary(
      tables.map { ($0.name, $0.columns) } + lookupFiles.keys.map { ($0, []) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// A query whose text is complete, with the tables that it may use; needs no store.
public struct PreparedQuery: Sendable {
  /// The query as saved or given.
  public let query: SavedQuery
  /// Its complete text.
  public let source: SourceText
  /// The tables that it may use.
  public let lookupTables: [LookupTable]
}
