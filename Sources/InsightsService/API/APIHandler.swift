public import InsightsText

/// One address of the interface that the console and scripts use: `/api/…`.
///
/// A file in `API/` and a line in `APIRegistry`. Callers have shown the token.
public protocol APIHandler: Sendable {
  /// `GET` or `POST`. A `GET` changes nothing; a `POST` has a JSON object.
  static var method: String { get }
  /// Such as `/api/query`.
  static var path: String { get }

  /// Answers a request, on a thread that may block. Bodies of replies that are streamed are written
  /// on such a thread as well.
  ///
  /// - Throws: `APIError`, and what engine and store throw.
  static func reply(to request: APIRequest, in service: LogService) throws -> Reply
}

/// A request with its body read.
public struct APIRequest: Sendable {
  public var http: ServiceRequest
  /// The object of a `POST`; empty of a `GET`.
  public var body: JSONObject

  public init(http: ServiceRequest, body: JSONObject = JSONObject()) {
    self.http = http
    self.body = body
  }

  /// A member that has to be a string where it is given.
  public func string(_ name: String) throws(APIError) -> String? {
    guard let value = body[name] else { return nil }
    guard let text = value.string else { throw APIError("'\(name)' takes a string") }
    return text
  }

  /// A member that has to be a whole number where it is given.
  public func integer(_ name: String) throws(APIError) -> Int64? {
    guard let value = body[name] else { return nil }
    guard let number = value.integer else { throw APIError("'\(name)' takes a whole number") }
    return number
  }

  /// A member that has to be a list of strings where it is given.
  public func strings(_ name: String) throws(APIError) -> [String]? {
    guard let value = body[name] else { return nil }
    guard let elements = value.array, case let texts = elements.compactMap(\.string),
      texts.count == elements.count
    else { throw APIError("'\(name)' takes a list of strings") }
    return texts
  }

  /// Whether the client asked for JSON lines.
  public var wantsLines: Bool {
    http.header("accept")?.lowercased().contains("application/x-ndjson") ?? false
  }
}

/// A request of `/api` that cannot be answered.
public struct APIError: Error, Sendable {
  public var status: Int
  /// One sentence, and what to do next.
  public var message: String
  public var help: [String]
  /// What is wrong with the query, as objects of `--error-format json`.
  public var diagnostics: [JSONValue]

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
