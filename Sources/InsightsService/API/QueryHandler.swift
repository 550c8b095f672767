internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// `POST /api/query`: the rows of a query, as one JSON document or as JSON lines while they are
/// found.
///
/// ```
/// {"query", "start", "end", "logGroups", "limit"}
///   → {"columns": [{"name", "type"}], "rows": [[…]], "statistics": {…}, "diagnostics": [{…}]}
/// ```
///
/// The query is cancelled when its client disconnects.
enum QueryHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/query"

  /// How long a query waits for its client to start reading.
  private static let startLimit = Duration.seconds(10)

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let question = try APIQuestion(request)
    let asked = try service.request(for: question)
    guard request.wantsLines else { return try document(asked, request, in: service) }
    let context = ExecutionContext(
      cancellation: Cancellation(deadline: service.options.timeout.map { .now + $0 }))
    let execution = QueryExecution(asked.request, context: context)
    // The status shows whether the query was accepted, so it is submitted before the reply begins.
    let stream = Promise<any ReplyStream>()
    let end = OneTimeEvent()
    let isAccepted = service.queries.accept {
      defer { end.happen() }
      guard let stream = stream.value(within: startLimit) else { return }
      let sink = LineSink(stream, asked.diagnostics)
      stream.onClose { context.cancel() }
      do {
        try execution.run(by: service.engines, into: sink)
      } catch {
        sink.fail(APIError(error))
      }
    }
    guard isAccepted else { throw APIError.tooManyQueries }
    return .jsonLines { given in
      stream.fulfil(given)
      end.wait()
    }
  }

  /// Runs the query to its end, and returns the whole document.
  private static func document(
    _ asked: AskedQuery, _ request: APIRequest, in service: LogService
  ) throws -> Reply {
    let sink = DocumentSink()
    let statistics = try service.run(asked.request, into: sink, for: request.http)
    sink.rows.finish()
    let head = Array(#"{"columns":"#.utf8) + sink.columns + Array(#","rows":["#.utf8)
    var tail = Array(#"],"statistics":"#.utf8)
    JSONValue.object(statistics.json(resultCount: sink.rows.count)).append(to: &tail)
    tail += Array(#","diagnostics":"#.utf8)
    JSONValue.array(asked.diagnostics).append(to: &tail)
    tail.append(UInt8(ascii: "}"))
    return Reply(
      headers: [("content-type", "application/json")],
      body: Reply.rows(sink.rows, 0..<sink.rows.count, between: head, and: tail))
  }
}

extension APIError {
  static let tooManyQueries = APIError(
    "\(QueryPool.acceptedLimit) queries run or wait already", status: 429,
    help: ["wait for one to end"])
}
