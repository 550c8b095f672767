internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// Starts a query over log groups and a time range.
///
/// Its text may also be a link into AWS's console. Times are seconds, though clients in some
/// languages send milliseconds; the last second is included as a whole.
enum StartQuery: AWSOperation {
  static let name = "StartQuery"
  static let members: [Member] = [
    .optional("queryLanguage", .queryLanguage),
    .optional("logGroupName", .logGroupName),
    .optional("logGroupNames", .list(0...50, of: .logGroupName)),
    .optional("logGroupIdentifiers", .list(0...50, of: .logGroupIdentifier)),
    .required("startTime", .timestamp),
    .required("endTime", .timestamp),
    .required("queryString", .string(0...10_000)),
    .optional("limit", .integer(1...100_000)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.withEngine(until: request.clientGone) {
      try respond(to: request, in: service, by: $0)
    }
  }

  private static func respond(
    to request: AWSRequest, in service: LogService, by engine: Engine
  ) throws -> AWSReply {
    if let language = request.string("queryLanguage"), language != "CWLI" {
      throw AWSError.invalidParameter(
        "queries in \(language) do not run here; write it in CWLI, the language of Logs Insights")
    }
    guard let start = request.integer("startTime"), let end = request.integer("endTime") else {
      throw AWSError.invalidParameter("startTime and endTime are required")
    }
    let range = SecondRange(start: start, end: end)
    guard range.start <= range.end else {
      throw AWSError.invalidParameter(
        "End time should not be before start time (startTime: \(start), endTime: \(end))")
    }
    let query: SavedQuery
    do throws(ConsoleLinkError) {
      query = try SavedQuery(name: "query", given: request.required("queryString"))
    } catch {
      throw AWSError.invalidParameter("the link that stands for a query holds none that can be run")
    }
    let source = try service.source(of: query)
    let logGroups = try groups(of: request, query, source, in: engine)
    var options = Binder.Options(
      timeRange: range.milliseconds, logGroups: logGroups, now: LogService.now,
      rowLimit: request.integer("limit").map { Int($0) })
    options.showsDetails = true
    let tables = try service.lookupTables(usedBy: source, of: engine)
    var asked = QueryRequest(
      source, options: options, lookupTables: tables, wantsStatistics: true)
    let compiled: CompiledQuery
    do {
      compiled = try asked.compile(by: engine)
    } catch let error as QueryError {
      throw AWSError(malformed: error)
    }
    var question = ServedQuery.Question(
      text: request.required("queryString"), logGroups: logGroups, startSecond: range.start,
      endSecond: range.end)
    if let chosen = compiled.syntax.source {
      question.logGroups = chosen.logGroupNames
      let globs = compiled.plan.scans.map(\.logGroups)
      question.chosenByText = globs.contains([]) ? [] : globs.flatMap(\.self)
    }
    let served = ServedQuery(question, asked, timeout: service.options.timeout)
    guard service.queries.start(served) else {
      throw AWSError(
        "LimitExceededException",
        "\(QueryPool.acceptedLimit) queries run or wait already; wait for one to end, or stop it")
    }
    return .json(["queryId": .string(served.id)])
  }

  /// Returns the names of the log groups to read; none if the query itself contains them.
  ///
  /// Log groups named by the request or the query must exist.
  private static func groups(
    of request: AWSRequest, _ query: SavedQuery, _ source: SourceText, in engine: Engine
  ) throws -> [String] {
    let given = [
      request.string("logGroupName").map { [$0] }, request.strings("logGroupNames"),
      request.strings("logGroupIdentifiers"),
    ].compactMap { $0 }.filter { !$0.isEmpty }
    guard given.count <= 1 else {
      throw AWSError.invalidParameter(
        "give exactly one of logGroupName, logGroupNames and logGroupIdentifiers")
    }
    // Log groups in the text override those of the request.
    if let chosen = Parser.parse(source).syntax.source {
      for name in chosen.logGroupNames { try check(name, as: name, request, in: engine) }
      return []
    }
    guard let identifiers = given.first else {
      // A link may contain prefixes of group names.
      if let link = query.link { return link.logGroups }
      throw AWSError.invalidParameter(
        "give one of logGroupName, logGroupNames and logGroupIdentifiers, or name the log groups in the query: SOURCE"
      )
    }
    var names: [String] = []
    for identifier in identifiers {
      let name = ResourceName.logGroup(of: identifier)
      try check(name, as: identifier, request, in: engine)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// Checks that a log group exists.
  private static func check(
    _ name: String, as identifier: String, _ request: AWSRequest, in engine: Engine
  ) throws {
    guard try !engine.hasLogGroup(named: name) else { return }
    let account = ResourceName(identifier)?.account ?? AccountNumber.unknown
    throw AWSError.notFound(
      "Log group '\(name)' does not exist for account ID '\(account)' (Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: \(request.requestID); Proxy: null)"
    )
  }
}

extension LogService {
  /// Returns a query's text with defaults and saved queries filled in.
  ///
  /// - Throws: `AWSError`.
  fileprivate func source(of query: SavedQuery) throws -> SourceText {
    do {
      return try pack.expandingCalls(in: query.source(filling: [:]))
    } catch let error as QueryError {
      throw AWSError(malformed: error)
    } catch let error as ParameterError {
      throw AWSError("MalformedQueryException", error.explanation)
    }
  }
}

extension ParameterError {
  /// The message for clients of a server.
  var explanation: String {
    switch self {
    case .missing(let name): "parameter '\(name)' has no value"
    case .backtickInName(let name): "the value of parameter '\(name)' has a backtick"
    case .mismatch(let name, let value, let type):
      "parameter '\(name)' takes a \(type), not '\(value)'"
    case .unknownType(let name, let type):
      "parameter '\(name)' is declared with an unknown type '\(type)'"
    }
  }
}

/// A time range of StartQuery: seconds, or milliseconds if a number is too large for those.
struct SecondRange: Hashable, Sendable {
  /// From here on a number is milliseconds; as seconds it would be the year 5138.
  private static let firstMilliseconds: Int64 = 100_000_000_000

  /// Epoch seconds.
  let start: Int64
  let end: Int64
  /// The range with the original milliseconds.
  let milliseconds: TimeRange

  init(start: Int64, end: Int64) {
    let hasMilliseconds = (
      start: start >= Self.firstMilliseconds, end: end >= Self.firstMilliseconds
    )
    self.start = hasMilliseconds.start ? start / 1000 : start
    self.end = hasMilliseconds.end ? end / 1000 : end
    let first = hasMilliseconds.start ? start : start * 1000
    let (behind, isBeyond) = end.addingReportingOverflow(1)
    let last = hasMilliseconds.end ? (isBeyond ? end : behind) : behind * 1000
    milliseconds = TimeRange(start: first, end: last)
  }
}

extension AWSError {
  /// A query that does not compile, with the position of the first error in scalars from 0.
  init(malformed error: QueryError) {
    let diagnostic = error.diagnostics.first { $0.severity == .error } ?? error.diagnostics.first
    guard let diagnostic else {
      self.init("MalformedQueryException", "the query does not compile")
      return
    }
    let (line, column) = error.source.location(of: diagnostic.span.lowerBound)
    // AWS counts positions in a line from 0.
    let message = "\(diagnostic.message) at line \(line) and position \(column - 1)"
    let help = diagnostic.help.first.map { "; \($0)" } ?? ""
    self.init(
      "MalformedQueryException", message + help,
      members: [
        "queryCompileError": [
          "location": [
            "startCharOffset": .integer(error.source.scalarOffset(of: diagnostic.span.lowerBound)),
            "endCharOffset": .integer(error.source.scalarOffset(of: diagnostic.span.upperBound)),
          ],
          "message": .string(diagnostic.message),
        ]
      ])
  }
}
