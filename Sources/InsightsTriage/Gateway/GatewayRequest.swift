internal import InsightsEngine
internal import InsightsText

/// A request in API Gateway's execution or access log.
struct GatewayRequest: Sendable {
  fileprivate typealias Phrases = AWSMessages.Gateway

  /// The kind of API; the same fault gets different statuses.
  enum API: Sendable {
    case rest, http
  }

  let id: String
  let logGroup: String?
  var api = API.rest
  /// The status that the caller received; `nil` if the log does not contain it.
  var status: Int?
  /// The times of the first and the last line, in epoch milliseconds.
  var first: Int64?
  var last: Int64?
  /// When the function was called, in epoch milliseconds.
  var sent: Int64?
  var lambdaRequestID: String?
  /// The function of the integration.
  var function: String?
  /// The method and path, such as `GET /orders/{id}`.
  var route: String?
  /// The duration of the integration in milliseconds.
  var latency: Double?
  /// The failures that the gateway reports, in order, without the request id.
  var failures: [String] = []

  init(id: String, logGroup: String?) {
    self.id = id
    self.logGroup = logGroup
  }

  /// Whether it reports that it gave up waiting for its integration.
  var hasTimedOut: Bool {
    if reports(Phrases.timeout) || reports(Phrases.endpointTimedOut)
      || reports(Phrases.integrationTimedOut)
      || inferredStatus == 504
    {
      return true
    }
    return api == .http && inferredStatus == 503 && latency ?? 0 >= Fault.httpAPILimit
  }

  /// Whether a failure contains this text.
  func reports(_ text: StaticString) -> Bool { failures.contains { $0.includes(text) } }

  /// Returns the failure that contains this text.
  func failure(with text: StaticString) -> String? { failures.first { $0.includes(text) } }
}

// MARK: Execution log

extension GatewayRequest {
  /// A regex for the beginning of every line.
  private static let prefix = "^\\([0-9a-f-]{36}\\) "

  /// The beginnings of lines with the reason of a failure; bodies and headers may quote the same
  /// words.
  private static let refusals = [
    "Execution failed", "Lambda execution failed", "Lambda invocation failed",
    "Gateway response type", "\(Phrases.unauthorized)", "The client is not authorized",
    "\(Phrases.badBody)", "[^{=]*\(Phrases.notAuthorized)", "[^{=]*\(Phrases.missingParameters)",
    "[^{=]*\(Phrases.missingToken)", "[^{=]*Access denied", "[^{=]*\(Phrases.forbidden)",
  ]

  /// Returns a condition that a message has one of the beginnings.
  ///
  /// Every alternative has its own literal, so that whole segments can be skipped.
  private static func condition(_ beginnings: [String]) -> String {
    "@message like /\(beginnings.map { prefix + $0 }.joined(separator: "|"))/"
  }

  /// The lines of failures in an execution log.
  ///
  /// Statuses below 500 other than 400, 403 and 429 are normal responses of a healthy API.
  static let isFailureLine = condition(
    ["\(Phrases.completed)(5|400|403|429)"] + refusals)

  /// The line with Lambda's id of a request.
  static let isCallLine = condition(["\(Phrases.endpointRequestID) :"])

  /// The lines that are read for a request.
  static let isDetailLine =
    condition([
      "Method completed", "HTTP Method", "\(Phrases.sending)", "\(Phrases.received)",
      "\(Phrases.endpointRequestID)",
      "\(Phrases.responseBody).*\(AWSMessages.Throttle.accountConcurrency)",
    ]) + " or " + condition(refusals)

  /// Lines that an execution log contains for every request.
  static let isExecutionLine = condition([
    "Starting execution", "Method completed", "Execution failed",
  ])

  /// The status of a request whose log has no closing line, as with the log level ERROR.
  var inferredStatus: Int? {
    if let status { return status }
    if reports(Phrases.malformedResponse) || reports(Phrases.functionError) { return 502 }
    if reports(Phrases.timeout) { return 504 }
    if reports(Phrases.invocationFailed) || reports(Phrases.configurationError) { return 500 }
    if reports(Phrases.badBody) || reports(Phrases.missingParameters) { return 400 }
    if reports("nauthorized") || reports("not authorized") || reports(Phrases.forbidden) {
      return 403
    }
    return nil
  }
}

// MARK: Access log

extension GatewayRequest {
  /// This program's text for a refused call; an access log contains only Lambda's status as a
  /// number.
  static let refusedIntegration: StaticString = "integration status 429"

  /// The fields of JSON access logs that are read, by the names in AWS's own examples.
  static let accessFields = [
    "status", "requestId", "requestTime", "requestTimeEpoch", "protocol", "responseLength",
    "routeKey", "resourcePath", "httpMethod", "path", "integrationRequestId",
    "awsEndpointRequestId", "integrationLatency", "responseLatency", "integrationErrorMessage",
    "integrationError", "error_message", "errorMessage", "error_responseType", "integrationStatus",
    "level", "connectionId",
  ]

  /// Selects JSON access records: an application may log requests in JSON too, but not with all
  /// these fields and without a level.
  static let isAccessRecord = """
    ispresent(status) and ispresent(requestId) and not ispresent(level)
    and (ispresent(routeKey) or ispresent(resourcePath) or ispresent(httpMethod))
    and (ispresent(requestTime) or ispresent(requestTimeEpoch) or ispresent(protocol)
      or ispresent(responseLength))
    """

  /// Reads a record of a JSON access log; `nil` if it has no request id.
  init?(accessRecord row: ResultRow) {
    func text(_ names: String...) -> String? {
      // The gateway writes `-` for missing values.
      names.lazy.compactMap { row.text($0) }.first { $0 != "-" }
    }
    guard let id = text("requestId") else { return nil }
    self.init(id: id, logGroup: row.text("@log")?.logGroupOfLog)
    if text("routeKey") != nil, text("connectionId") == nil { api = .http }
    status = text("status").flatMap { Int($0) }
    first = row.time("@timestamp")
    last = first
    lambdaRequestID = text("integrationRequestId", "awsEndpointRequestId")
    route =
      text("routeKey")
      ?? [text("httpMethod"), text("resourcePath", "path")].compactMap { $0 }
      .joined(separator: " ")
    latency = text("integrationLatency", "responseLatency").flatMap { Double($0) }
    if let latency, (0..<3_600_000).contains(latency), let last { first = last - Int64(latency) }
    sent = first
    for message in [
      text("integrationErrorMessage", "integrationError"), text("error_message", "errorMessage"),
      text("error_responseType"),
    ] {
      if let message, !failures.contains(message) { failures.append(message) }
    }
    if text("integrationStatus") == "429" { failures.append("\(Self.refusedIntegration)") }
  }

  /// A line of an access log in Common Log Format that reports a failure, as a regex with named
  /// groups.
  static let commonLogPattern = """
    /^\\S+ \\S+ \\S+ \\[(?<clfTime>[^\\]]+)\\] "(?<clfRoute>[A-Z]+ \\S+) HTTP\\/[0-9.]+" (?<clfStatus>5\\d\\d|400|403|429) \\S+ (?<clfId>\\S+)/
    """

  /// Any line of an access log in Common Log Format, as a regex.
  static let anyCommonLogPattern = """
    /^\\S+ \\S+ \\S+ \\[[^\\]]+\\] "[A-Z]+ \\S+ HTTP\\/[0-9.]+" \\d\\d\\d /
    """

  /// Reads the captures of `commonLogPattern`; `nil` if a part is missing.
  init?(commonLog row: ResultRow) {
    guard let id = row.text("clfId") else { return nil }
    self.init(id: id, logGroup: row.text("@log")?.logGroupOfLog)
    status = row.text("clfStatus").flatMap { Int($0) }
    route = row.text("clfRoute")
    first = row.time("@timestamp")
    last = first
  }
}

// MARK: Table of errors

extension GatewayRequest {
  /// Reads a row of the table `errors` of kind `gateway`; `nil` if it has no gateway request id.
  init?(errorRow row: ResultRow) {
    guard let id = row.text("gateway_request_id") else { return nil }
    self.init(id: id, logGroup: row.text("log_group"))
    status = row.integer("http_status").flatMap { Int(exactly: $0) }
    first = row.time("timestamp_ms")
    last = first
    lambdaRequestID = row.text("request_id")
    let parts = [row.text("type"), row.text("message")].compactMap { $0 }
    failures = parts.isEmpty ? [] : [parts.joined(separator: ": ")]
  }
}
