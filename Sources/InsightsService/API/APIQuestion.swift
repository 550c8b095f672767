internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// A client's question to the store: a query with a time range and log groups.
struct APIQuestion {
  /// The maximum length of a query in characters, as in CloudWatch.
  private static let queryLength = 10_000
  /// The default and maximum number of rows of a JSON document.
  private static let documentLimit = 10_000
  /// The number of rows if the client requests `"all"`.
  private static let allRows = Int(Int32.max)

  var text: String
  /// The start in epoch milliseconds, inclusive; `nil` for no limit.
  var start: Int64?
  var end: Int64?
  var logGroups: [String]
  var limit: Int?
  /// Whether rows include their `@ptr`, and patterns their details.
  var showsDetails = false

  /// Parses a request.
  ///
  /// - Throws: `APIError`.
  init(_ request: APIRequest) throws(APIError) {
    guard let text = try request.string("query") else {
      throw APIError("'query' is missing", help: [#"send {"query": "limit 20"}"#])
    }
    guard text.unicodeScalars.count <= Self.queryLength else {
      throw APIError("the query has more than \(Self.queryLength) characters")
    }
    self.text = text
    start = try request.integer("start")
    end = try request.integer("end")
    if let start, let end, end < start { throw APIError("the range ends before it starts") }
    logGroups = try request.strings("logGroups") ?? []
    limit = try Self.limit(of: request)
  }

  private static func limit(of request: APIRequest) throws(APIError) -> Int? {
    guard let value = request.body["limit"] else { return nil }
    if value.string == "all" {
      guard request.wantsLines else {
        throw APIError(
          #""all" is for JSON lines only"#, help: ["ask with Accept: application/x-ndjson"])
      }
      return allRows
    }
    guard let number = value.integer, number >= 0 else {
      throw APIError(#"'limit' takes a number from 0, or "all""#)
    }
    guard request.wantsLines || number <= documentLimit else {
      throw APIError(
        "a document has at most \(documentLimit) rows",
        help: ["ask for more with Accept: application/x-ndjson"])
    }
    return Int(clamping: number)
  }
}

/// A compiled query, ready to run.
struct AskedQuery {
  var request: QueryRequest
  /// Its warnings, as objects of `--error-format json`.
  var diagnostics: [JSONValue]
  /// The traps (lint rules) that match it, if they were asked for.
  var traps: [JSONValue]
}

extension LogService {
  /// Compiles a question; `withTraps` also looks for traps, which needs the names of all fields.
  ///
  /// - Throws: `APIError` with the diagnostics, `StoreError`.
  func request(for question: APIQuestion, withTraps: Bool = false) throws -> AskedQuery {
    let query: SavedQuery
    let source: SourceText
    do {
      query = try SavedQuery(name: "query", given: question.text)
      source = try pack.expandingCalls(in: query.source(filling: [:]))
    } catch let error as ParameterError {
      throw APIError(error.explanation)
    } catch is ConsoleLinkError {
      throw APIError("the link that stands for a query holds none that can be run")
    }
    let now = Self.now
    var options = Binder.Options(
      logGroups: question.logGroups.isEmpty ? query.link?.logGroups ?? [] : question.logGroups,
      now: now, rowLimit: question.limit, showsDetails: question.showsDetails)
    options.timeRange.start = question.start ?? query.link?.start?.milliseconds(now: now)
    // The client's end is inclusive, the range's is not.
    let end = question.end ?? query.link?.end?.milliseconds(now: now)
    options.timeRange.end = end.map { $0 == .max ? $0 : $0 + 1 }
    return try withEngine { engine in
      var request = QueryRequest(
        source, options: options, lookupTables: try lookupTables(usedBy: source, of: engine),
        wantsStatistics: true)
      let compiled = try request.compile(by: engine)
      let notes = try engine.notes(ofLogGroups: question.logGroups)
      return AskedQuery(
        request: request,
        diagnostics: notes.map(\.json) + compiled.warnings.map { $0.json(of: source) },
        traps: withTraps ? engine.traps(of: compiled).map { $0.json(of: source) } : [])
    }
  }
}
