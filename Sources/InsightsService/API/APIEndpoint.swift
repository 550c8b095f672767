internal import InsightsEngine
public import InsightsQuery
internal import InsightsModel
internal import InsightsStore
public import InsightsText

/// The JSON interface below `/api`, for the console and scripts.
///
/// Callers are already authorized: the transport checks the token.
public enum APIEndpoint {
  /// Whether a path belongs to this interface.
  public static func serves(_ path: String) -> Bool { path == "/api" || path.hasPrefix("/api/") }

  /// Answers a request.
  public static func reply(to request: ServiceRequest, in service: LogService) -> Reply {
    var reply: Reply
    do {
      reply = try answer(request, in: service)
    } catch {
      reply = self.reply(to: APIError(error))
    }
    let isKnown = APIRegistry.all.contains { $0.path == request.path }
    reply.operation = isKnown ? request.path : "unknown path"
    return reply
  }

  /// Returns the reply for an error.
  public static func reply(to error: APIError) -> Reply { .json(error.json, status: error.status) }

  /// Returns the reply to a request with a method that a path does not support.
  public static func refusal(of method: String, allowing methods: String) -> Reply {
    var reply = reply(to: APIError("this address does not take \(method)", status: 405))
    reply.headers.append(("allow", methods))
    return reply
  }

  private static func answer(_ request: ServiceRequest, in service: LogService) throws -> Reply {
    let handlers = APIRegistry.all.filter { $0.path == request.path }
    guard !handlers.isEmpty else {
      throw APIError("there is nothing at this address", status: 404)
    }
    guard let handler = handlers.first(where: { $0.method == request.method }) else {
      return refusal(
        of: request.method, allowing: handlers.map { $0.method }.joined(separator: ", "))
    }
    var body = JSONObject()
    if request.method == "POST" { body = try self.body(of: request) }
    return try handler.reply(to: APIRequest(http: request, body: body), in: service)
  }

  /// Parses the JSON object of a request with a JSON content type, which pages of other origins
  /// cannot send.
  private static func body(of request: ServiceRequest) throws(APIError) -> JSONObject {
    let type = request.header("content-type")?.split(separator: ";").first ?? ""
    guard type.lowercased() == "application/json" else {
      throw APIError("the body has to be sent as Content-Type: application/json", status: 415)
    }
    guard !request.body.isEmpty else { return JSONObject() }
    do throws(JSONError) {
      guard case .object(let object) = try JSONValue(parsing: request.body) else {
        throw JSONError(offset: 0)
      }
      return object
    } catch {
      throw APIError("the body is no JSON object, at byte \(error.offset)")
    }
  }
}

extension APIError {
  /// Converts any error of an answer.
  init(_ error: any Error) {
    switch error {
    case let error as APIError: self = error
    case let error as QueryError:
      self.init(
        "the query does not compile",
        diagnostics: error.diagnostics.map { $0.json(of: error.source) })
    case let error as StoreError:
      switch error {
      case .limitReached, .memoryLimitExceeded, .patternTooExpensive, .timedOut:
        self.init(error.explanation, status: 422)
      default: self.init(error.explanation, status: 500)
      }
    default: self.init("internal error: \(error)", status: 500)
    }
  }
}

extension QueryNote {
  /// The object that `--error-format json` writes for an error without a location in a query.
  var json: JSONValue {
    [
      "severity": .string(severity.rawValue), "message": .string(message),
      "notes": .strings(notes), "help": .strings(help),
    ]
  }
}

extension Diagnostic {
  /// The object that `--error-format json` writes; offsets count Unicode scalars of the query.
  public func json(of source: SourceText) -> JSONValue {
    let (line, column) = source.location(of: span.lowerBound)
    var object: JSONObject = [
      "severity": .string(severity.rawValue), "id": .string(id), "message": .string(message),
      "source": .string(source.name), "line": .integer(line), "column": .integer(column),
      "start": .integer(source.scalarOffset(of: span.lowerBound)),
      "end": .integer(source.scalarOffset(of: span.upperBound)),
      "notes": .strings(notes), "help": .strings(help),
    ]
    object["fix"] = fix.map { fix in
      [
        "start": .integer(source.scalarOffset(of: fix.span.lowerBound)),
        "end": .integer(source.scalarOffset(of: fix.span.upperBound)), "text": .string(fix.text),
      ]
    }
    return .object(object)
  }
}
