public import InsightsText

/// An error as AWS's API tells it.
public struct AWSError: Error, Hashable, Sendable {
  /// Such as `ResourceNotFoundException`.
  public var code: String
  public var message: String
  public var status: Int
  /// What the model of the exception has beside the message.
  public var members: JSONObject

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
  public static func invalidParameter(_ message: String) -> AWSError {
    AWSError("InvalidParameterException", message)
  }

  public static func notFound(_ message: String) -> AWSError {
    AWSError("ResourceNotFoundException", message)
  }

  public static let logGroupMissing = notFound("The specified log group does not exist.")
  public static let logStreamMissing = notFound("The specified log stream does not exist.")
  public static let invalidToken = invalidParameter("The specified nextToken is invalid.")

  /// What can only be answered by a server of AWS's.
  ///
  /// The code is one that the operation's model has, so that clients can tell.
  public static func notHere(_ what: String, code: String = "InvalidParameterException") -> AWSError
  {
    AWSError(code, what)
  }

  static func serialization(_ message: String) -> AWSError {
    AWSError("SerializationException", message)
  }

  /// The server itself cannot do it; clients try again.
  static func unavailable(_ message: String) -> AWSError {
    AWSError("ServiceUnavailableException", message, status: 500)
  }
}
