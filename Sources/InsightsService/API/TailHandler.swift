internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText
internal import InsightsThreads

/// `POST /api/tail` with `{"filter", "logGroups", "after"}`: the newest matching events, then new
/// ones, as JSON lines `{"events": [{"timestamp", "log", "log_stream", "message"}], "after"}`, until
/// the client disconnects.
///
/// The first line has the warnings of the filter, if any, as `diagnostics`. A client that lost its
/// connection sends the last `after` and gets what arrived since, without the events that it has.
enum TailHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/tail"

  /// The number of existing events that are sent first.
  private static let firstCount = 100
  private static let pause: UInt32 = 250_000
  /// The number of checks without events after which a line without events is sent.
  private static let quietLooks = 40

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let options = Binder.Options(
      logGroups: try request.strings("logGroups") ?? [], now: LogService.now)
    let filter = try request.string("filter") ?? ""
    let cursor = try request.string("after")
    // Report a filter that does not compile before the stream begins.
    let clientGone = request.http.clientGone
    let query = try service.withEngine(until: clientGone) {
      try EventTail.check(filter, options: options, in: $0)
    }
    let warnings = query.warnings.map { $0.json(of: query.source) }
    return .jsonLines { stream in
      do {
        var tail = EventTail(filter: filter, options: options)
        var events = try service.withEngine(until: clientGone) { engine in
          if let cursor, try tail.resume(after: cursor, in: engine) {
            return try tail.newEvents(in: engine)
          }
          return try tail.start(count: firstCount, in: engine).events
        }
        // The first line says that the tail runs, with events or without.
        var quiet = quietLooks
        var isFirst = true
        while stream.isOpen {
          if !events.isEmpty || quiet >= quietLooks {
            quiet = 0
            guard stream.write(line(events, tail.cursor, isFirst ? warnings : [])) else { return }
            isFirst = false
          }
          quiet += 1
          usleep(pause)
          events = try service.withEngine(until: clientGone) { try tail.newEvents(in: $0) }
        }
      } catch {
        guard !service.stopping.hasHappened else { return }
        _ = stream.write(APIError(error).json.bytes + [UInt8(ascii: "\n")])
      }
    }
  }

  private static func line(
    _ events: [EventTail.Event], _ cursor: String, _ warnings: [JSONValue]
  ) -> [UInt8] {
    let list = events.map { event -> JSONValue in
      var object = JSONObject()
      object["timestamp"] = event.timestamp.map { .integer($0) }
      object["log"] = event.log.map { .string($0) }
      object["log_stream"] = event.logStream.map { .string($0) }
      object["message"] = .string(event.message)
      return .object(object)
    }
    var object: JSONObject = ["events": .array(list), "after": .string(cursor)]
    if !warnings.isEmpty { object["diagnostics"] = .array(warnings) }
    return JSONValue.object(object).bytes + [UInt8(ascii: "\n")]
  }
}
