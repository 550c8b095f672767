internal import InsightsEngine
internal import InsightsQuery
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// The CloudWatch Logs API: AWS's JSON protocol 1.1.
///
/// Each call is a `POST` whose header `X-Amz-Target` names the operation. Replies always have the
/// header `x-amzn-RequestId`. Errors have their code both in the body and in a header, since
/// clients differ in which they read.
public enum AWSEndpoint {
  static let contentType = "application/x-amz-json-1.1"

  /// Answers a call.
  public static func reply(to request: ServiceRequest, in service: LogService) -> Reply {
    let requestID = RequestID.new()
    let name = operationName(of: request)
    var reply: Reply
    do {
      reply = try self.reply(to: request, operation: name, requestID: requestID, in: service)
    } catch {
      reply = self.reply(to: AWSError(error))
    }
    reply.headers.append(("x-amzn-RequestId", requestID))
    reply.operation = known(name)
    return reply
  }

  /// Returns the reply for an error, without the id of the request.
  public static func reply(to error: AWSError) -> Reply {
    var body: JSONObject = ["__type": .string(error.code), "message": .string(error.message)]
    body.members += error.members.members
    return Reply(
      status: error.status,
      headers: [("content-type", contentType), ("x-amzn-errortype", error.code)],
      body: .bytes(JSONValue.object(body).bytes))
  }

  /// Returns the reply for a request that is rejected before it is read: with an id, like all
  /// replies.
  public static func refusal(_ error: AWSError) -> Reply {
    var reply = reply(to: error)
    reply.headers.append(("x-amzn-RequestId", RequestID.new()))
    return reply
  }

  private static func reply(
    to request: ServiceRequest, operation name: String?, requestID: String, in service: LogService
  ) throws -> Reply {
    guard let name, !name.isEmpty else {
      throw AWSError(
        "UnknownOperationException",
        "the request names no operation: the header X-Amz-Target is missing")
    }
    guard let operation = AWSOperationRegistry.byName[name] else {
      throw UnservedOperations.error(for: name)
    }
    let input = try self.input(of: request)
    try Validator.check(input, against: operation.members, code: operation.validationCode)
    if operation.isWriting, service.options.isReadOnly {
      throw AWSError(
        "AccessDeniedException",
        "this server is read-only (\(service.options.readOnlyReason)): \(name) is refused")
    }
    let reply = try operation.respond(
      to: AWSRequest(
        operation: name, input: input, requestID: requestID, region: region(of: request),
        body: request.body, clientGone: request.clientGone), in: service)
    let headers = [(name: "content-type", value: contentType)]
    switch reply {
    case .empty: return Reply(headers: headers, body: .bytes([]))
    case .json(let object):
      return Reply(headers: headers, body: .bytes(JSONValue.object(object).bytes))
    case .document(let body): return Reply(headers: headers, body: body)
    case .eventStream(let write):
      return Reply(
        headers: [("content-type", "application/vnd.amazon.eventstream")], body: .stream(write))
    }
  }

  /// Returns the text after the last dot of `Logs_20140328.StartQuery`.
  private static func operationName(of request: ServiceRequest) -> String? {
    request.header("x-amz-target")?.split(separator: ".", omittingEmptySubsequences: false).last
      .map(String.init)
  }

  /// Returns the name for the request log, which must not contain text from clients.
  private static func known(_ name: String?) -> String {
    guard let name, AWSOperationRegistry.byName[name] != nil || UnservedOperations.isKnown(name)
    else { return "unknown operation" }
    return name
  }

  private static func input(of request: ServiceRequest) throws(AWSError) -> JSONObject {
    guard !request.body.isEmpty else { return JSONObject() }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: request.body)
    } catch {
      throw .serialization("the body is no JSON at byte \(error.offset)")
    }
    guard case .object(let object) = value else {
      throw .serialization("the body is no JSON object")
    }
    return object
  }

  /// Returns the region of the credential's scope:
  /// `Credential=AKID/20261129/us-east-1/logs/aws4_request`.
  private static func region(of request: ServiceRequest) -> String {
    let standard = "us-east-1"
    guard let header = request.header("authorization"),
      let start = header.firstRange(of: "Credential=")?.upperBound
    else { return standard }
    let scope = header[start...].prefix { $0 != "," && $0 != " " }
      .split(separator: "/", omittingEmptySubsequences: false)
    guard scope.count == 5, !scope[2].isEmpty,
      scope[2].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
    else { return standard }
    return String(scope[2])
  }
}

extension AWSError {
  /// Converts any error to one of the API.
  init(_ error: any Error) {
    switch error {
    case let error as AWSError: self = error
    case let error as StoreError: self.init(error)
    case is QueryError:
      self.init("InvalidParameterException", "the request cannot be asked of the store")
    default: self = .unavailable("internal error: \(error)")
    }
  }

  private init(_ error: StoreError) {
    switch error {
    case .limitReached, .memoryLimitExceeded, .patternTooExpensive, .timedOut:
      self.init("LimitExceededException", "\(error.explanation)")
    default: self = .unavailable("\(error.explanation)")
    }
  }
}
