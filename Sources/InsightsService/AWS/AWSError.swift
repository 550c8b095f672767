public import InsightsText

/// An error of AWS's API.
public struct AWSError: Error, Hashable, Sendable {
  /// Such as `ResourceNotFoundException`.
  public var code: String
  /// The text of the error.
  public var message: String
  /// The HTTP status.
  public var status: Int
  /// Members of the exception's model other than the message.
  public var members: JSONObject

  /// Makes an error.
  public init(
    _ code: String, _ message: String, status: Int = 400, members: JSONObject = JSONObject()
  ) {
    self.code = code
    self.message = message
    self.status = status
    self.members = members
  }
}

extension AWSError {
  /// An `InvalidParameterException`.
  public static func invalidParameter(_ message: String) -> AWSError {
    AWSError("InvalidParameterException", message)
  }

  /// A `ResourceNotFoundException`.
  public static func notFound(_ message: String) -> AWSError {
    AWSError("ResourceNotFoundException", message)
  }

  /// The log group does not exist.
  public static let logGroupMissing = notFound("The specified log group does not exist.")
  /// The log stream does not exist.
  public static let logStreamMissing = notFound("The specified log stream does not exist.")
  /// The page token is malformed, or belongs to another request.
  public static let invalidToken = invalidParameter("The specified nextToken is invalid.")

  /// The request needs a server of AWS.
  ///
  /// The code is one of the operation's model, so that clients recognise it.
  public static func notHere(_ what: String, code: String = "InvalidParameterException") -> AWSError
  {
    AWSError(code, what)
  }

  static func serialization(_ message: String) -> AWSError {
    AWSError("SerializationException", message)
  }

  /// The server itself failed; clients retry.
  static func unavailable(_ message: String) -> AWSError {
    AWSError("ServiceUnavailableException", message, status: 500)
  }
}
