public import InsightsText

/// One endpoint of `/api/…`, for the console and scripts.
///
/// A new one is a file in `API/` and a line in `APIRegistry`. Callers are already authorized by the
/// token.
public protocol APIHandler: Sendable {
  /// `GET` or `POST`.
  ///
  /// A `GET` changes nothing; a `POST` has a JSON object as its body.
  static var method: String { get }
  /// The path, such as `/api/query`.
  static var path: String { get }

  /// Answers a request, on a thread that may block.
  ///
  /// Streamed bodies are written on such a thread as well.
  ///
  /// - Throws: `APIError`, and errors of engine and store.
  static func reply(to request: APIRequest, in service: LogService) throws -> Reply
}

/// A request with its body parsed.
public struct APIRequest: Sendable {
  /// The HTTP request.
  public var http: ServiceRequest
  /// The JSON object of a `POST`; empty for a `GET`.
  public var body: JSONObject

  /// Makes a request.
  public init(http: ServiceRequest, body: JSONObject = JSONObject()) {
    self.http = http
    self.body = body
  }

  /// Returns an optional member; throws unless it is a string.
  public func string(_ name: String) throws(APIError) -> String? {
    guard let value = body[name] else { return nil }
    guard let text = value.string else { throw APIError("'\(name)' takes a string") }
    return text
  }

  /// Returns an optional member; throws unless it is an integer.
  public func integer(_ name: String) throws(APIError) -> Int64? {
    guard let value = body[name] else { return nil }
    guard let number = value.integer else { throw APIError("'\(name)' takes a whole number") }
    return number
  }

  /// Returns an optional member; throws unless it is a list of strings.
  public func strings(_ name: String) throws(APIError) -> [String]? {
    guard let value = body[name] else { return nil }
    guard let elements = value.array, case let texts = elements.compactMap(\.string),
      texts.count == elements.count
    else { throw APIError("'\(name)' takes a list of strings") }
    return texts
  }

  /// Whether the client requested JSON lines.
  public var wantsLines: Bool {
    http.header("accept")?.lowercased().contains("application/x-ndjson") ?? false
  }
}

/// A request of `/api` that cannot be answered.
public struct APIError: Error, Sendable {
  /// The HTTP status.
  public var status: Int
  /// One sentence.
  public var message: String
  /// Next steps, one sentence each.
  public var help: [String]
  /// The diagnostics of the query, as objects of `--error-format json`.
  public var diagnostics: [JSONValue]

  /// Makes an error.
  public init(
    _ message: String, status: Int = 400, help: [String] = [], diagnostics: [JSONValue] = []
  ) {
    self.status = status
    self.message = message
    self.help = help
    self.diagnostics = diagnostics
  }

  /// `{"error": {"message", "help"}, "diagnostics": […]}`.
  public var json: JSONValue {
    [
      "error": ["message": .string(message), "help": .strings(help)],
      "diagnostics": .array(diagnostics),
    ]
  }
}
