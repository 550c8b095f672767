public import InsightsText
public import InsightsThreads

/// One operation of the CloudWatch Logs API.
///
/// A new one is a file in `Operations/` and a line in `AWSOperationRegistry`. Requests are
/// validated against `members` before the operation receives them.
public protocol AWSOperation: Sendable {
  /// The name after the dot in `X-Amz-Target`.
  static var name: String { get }
  /// The members of a request; others are ignored, as on AWS.
  static var members: [Member] { get }
  /// The error code for an invalid member.
  static var validationCode: String { get }
  /// Whether it changes the store, in which case `--read-only` rejects it.
  static var isWriting: Bool { get }

  /// Performs the operation, on a thread that may block.
  ///
  /// - Throws: `AWSError`, and errors of engine and store.
  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply
}

extension AWSOperation {
  /// The usual code.
  public static var validationCode: String { "InvalidParameterException" }
  /// False: most operations only read.
  public static var isWriting: Bool { false }
}

/// A request whose members have the declared types and are within the declared limits.
public struct AWSRequest: Sendable {
  /// The name of the operation.
  public var operation: String
  /// The members.
  public var input: JSONObject
  /// The id for the reply.
  public var requestID: String
  /// The region of the request's signature, which the ARNs in the reply have.
  public var region: String
  /// The whole body, as received.
  public var body: [UInt8]
  /// Signalled when the client disconnects before the reply is complete.
  public var clientGone: OneTimeEvent

  /// Makes a request.
  public init(
    operation: String, input: JSONObject, requestID: String = "", region: String = "us-east-1",
    body: [UInt8] = [], clientGone: OneTimeEvent = OneTimeEvent()
  ) {
    self.operation = operation
    self.input = input
    self.requestID = requestID
    self.region = region
    self.body = body
    self.clientGone = clientGone
  }

  /// A string; `nil` if it is not given.
  public func string(_ name: String) -> String? { input[name]?.string }
  /// An integer; `nil` if it is not given.
  public func integer(_ name: String) -> Int64? { input[name]?.integer }
  /// A boolean; false if it is not given.
  public func bool(_ name: String) -> Bool { input[name]?.bool ?? false }
  /// An object; `nil` if it is not given.
  public func object(_ name: String) -> JSONObject? { input[name]?.object }
  /// A list; `nil` if it is not given.
  public func array(_ name: String) -> [JSONValue]? { input[name]?.array }

  /// A list of strings; `nil` if it is not given.
  public func strings(_ name: String) -> [String]? { array(name)?.compactMap(\.string) }

  /// A string that the operation declares as required.
  public func required(_ name: String) -> String { string(name) ?? "" }
}

/// The reply of an operation.
public enum AWSReply: Sendable {
  /// Nothing: the model has no output.
  case empty
  case json(JSONObject)
  /// A JSON document that is already encoded, as a whole or in pieces.
  case document(Reply.Body)
  /// An event stream (`application/vnd.amazon.eventstream`).
  case eventStream(@Sendable (any ReplyStream) -> Void)
}
