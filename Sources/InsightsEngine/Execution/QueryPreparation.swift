public import InsightsModel
public import InsightsQuery

/// Makes requests of what a user gives; every front end prepares its requests here.
///
/// A user gives queries with places to fill and calls of saved ones, a range of time that may count
/// from now, log groups, and tables.
public struct QueryPreparation: Sendable {
  public var range: RangeSelection
  /// Globs over the names of log groups; without any, a query reads those of the link that it came
  /// as, or all.
  public var logGroups: [String]
  /// What `{{name}}` is filled with.
  public var parameters: [String: String]
  /// Most rows, whatever limit a query has.
  public var rowLimit: Int?
  /// Whether rows end with their `@ptr` and patterns with their details, and statistics are exact.
  public var wantsDetails: Bool
  /// The saved queries that others may call; asked for only where there is a call.
  public var pack: @Sendable () -> QueryPack
  /// CSV files by the names of their tables, and folders that have more of them.
  public var lookupFiles: [String: String]
  public var lookupFolders: [String]

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

  /// Fills in the parameters of a query, puts saved ones in the place of their calls, and reads the
  /// tables that it names.
  ///
  /// - Throws: `RequestError`, `ParameterError`, `LookupError`, `QueryError` for a call that cannot
  ///   be read.
  public func prepare(_ query: SavedQuery) throws -> PreparedQuery {
    try prepare([query])[0]
  }

  /// The same for several queries: each takes those parameters that it has, and they share the tables.
  public func prepare(_ queries: [SavedQuery]) throws -> [PreparedQuery] {
    let sources = try filled(queries).map(expanded)
    let tables = try tables(usedBy: sources)
    return zip(queries, sources).map { PreparedQuery(query: $0, source: $1, lookupTables: tables) }
  }

  /// The texts of queries with their parameters filled in.
  ///
  /// - Throws: `RequestError.unknownParameter`, `ParameterError`.
  public func filled(_ queries: [SavedQuery]) throws -> [SourceText] {
    var known: [String] = []
    for name in queries.flatMap(\.parameterNames) where !known.contains(name) {
      known.append(name)
    }
    // A value that no query has a place for is a mistake, most likely a misspelt name.
    if let unknown = parameters.keys.sorted().first(where: { !known.contains($0) }) {
      throw RequestError.unknownParameter(name: unknown, known: known)
    }
    return try queries.map { try $0.source(filling: parameters) }
  }

  /// A query with saved ones in the place of their calls.
  ///
  /// - Throws: `QueryError`.
  public func expanded(_ source: SourceText) throws(QueryError) -> SourceText {
    // Only a call needs the pack, which is read from files.
    guard source.bytes.contains(UInt8(ascii: "$")) else { return source }
    return try pack().expandingCalls(in: source)
  }

  /// The tables that queries name, as far as they are there.
  ///
  /// - Throws: `LookupError`.
  public func tables(usedBy sources: [SourceText]) throws(LookupError) -> [LookupTable] {
    try LookupTables(files: lookupFiles, folders: lookupFolders).tables(usedBy: sources)
  }

  /// The log groups that a query reads.
  public func logGroups(of query: SavedQuery) -> [String] {
    logGroups.isEmpty ? query.link?.logGroups ?? [] : logGroups
  }

  /// What a query depends on beside its text and its tables, where `clock` is now.
  ///
  /// - Throws: `RequestError.emptyRange`.
  public func options(
    of query: SavedQuery, at clock: Int64
  ) throws(RequestError) -> Binder.Options {
    Binder.Options(
      timeRange: try range.timeRange(at: clock, link: query.link), logGroups: logGroups(of: query),
      now: clock, rowLimit: rowLimit, showsDetails: wantsDetails)
  }

  /// The request of a prepared query, where `clock` is now.
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

  /// The columns of the tables; none of those that were given and that no query names.
  public func columns(of tables: [LookupTable]) -> [String: [String]] {
    Dictionary(
      tables.map { ($0.name, $0.columns) } + lookupFiles.keys.map { ($0, []) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// A query whose text is complete, with the tables that it may name; needs no store.
public struct PreparedQuery: Sendable {
  public let query: SavedQuery
  public let source: SourceText
  public let lookupTables: [LookupTable]
}
