public import InsightsText

/// One operation of the CloudWatch Logs API.
///
/// A file in `Operations/` and a line in `AWSOperationRegistry`. Requests are checked against
/// `members` before the operation sees them.
public protocol AWSOperation: Sendable {
  /// As `X-Amz-Target` has it behind the dot.
  static var name: String { get }
  /// What a request may have. Other members are ignored, as AWS does.
  static var members: [Member] { get }
  /// The code of an error about a member.
  static var validationCode: String { get }
  /// Whether it changes the store, which `--read-only` refuses.
  static var isWriting: Bool { get }

  /// Carries the operation out, on a thread that may block.
  ///
  /// - Throws: `AWSError`, and what engine and store throw.
  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply
}

extension AWSOperation {
  public static var validationCode: String { "InvalidParameterException" }
  public static var isWriting: Bool { false }
}

/// A request whose members have the types and are within the limits that its operation declares.
public struct AWSRequest: Sendable {
  public var operation: String
  public var input: JSONObject
  /// The id that the reply carries.
  public var requestID: String
  /// The region that the request is signed for; ARNs of the reply are of it.
  public var region: String
  /// The whole body, as it came.
  public var body: [UInt8]

  public init(
    operation: String, input: JSONObject, requestID: String = "", region: String = "us-east-1",
    body: [UInt8] = []
  ) {
    self.operation = operation
    self.input = input
    self.requestID = requestID
    self.region = region
    self.body = body
  }

  public func string(_ name: String) -> String? { input[name]?.string }
  public func integer(_ name: String) -> Int64? { input[name]?.integer }
  public func bool(_ name: String) -> Bool { input[name]?.bool ?? false }
  public func object(_ name: String) -> JSONObject? { input[name]?.object }
  public func array(_ name: String) -> [JSONValue]? { input[name]?.array }

  /// A list of strings; `nil` where it is not given.
  public func strings(_ name: String) -> [String]? { array(name)?.compactMap(\.string) }

  /// A member that the operation declares as required.
  public func required(_ name: String) -> String { string(name) ?? "" }
}

/// What an operation answers.
public enum AWSReply: Sendable {
  /// Nothing: the model has no output.
  case empty
  case json(JSONObject)
  /// A JSON document that is written already.
  case bytes([UInt8])
  /// An event stream (`application/vnd.amazon.eventstream`).
  case eventStream(@Sendable (any ReplyStream) -> Void)
}
