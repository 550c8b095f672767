extension AWSMessages {
  /// Phrases of API Gateway's execution logs, which follow the request id.
  public enum Gateway {
    /// The reason follows: `timeout`, or `configurationError` and its text.
    public static let executionFailed: StaticString = "Execution failed due to "
    public static let timeout: StaticString = "a timeout error"
    public static let configurationError: StaticString = "configuration error: "
    /// Phrases of access logs.
    public static let endpointTimedOut: StaticString = "Endpoint request timed out"
    public static let integrationTimedOut: StaticString = "INTEGRATION_TIMEOUT"

    /// Followed by the status of Lambda's reply, then `functionError`.
    public static let functionFailed: StaticString = "Lambda execution failed with status "
    public static let functionError: StaticString = "customer function error: "
    /// Followed by the status.
    public static let invocationFailed: StaticString = "Lambda invocation failed with status: "
    public static let refusedStatus: StaticString = "429"
    public static let lambdaRequestID: StaticString = "Lambda request id: "
    public static let endpointRequestID: StaticString = "AWS Integration Endpoint RequestId"

    public static let completed: StaticString = "Method completed with status: "
    public static let method: StaticString = "HTTP Method:"
    public static let path: StaticString = "Resource Path:"
    public static let sending: StaticString = "Sending request to"
    public static let received: StaticString = "Received response"
    public static let responseBody: StaticString = "Endpoint response body before transformations: "

    public static let malformedResponse: StaticString = "alformed Lambda proxy response"
    public static let noPermission: StaticString = "Invalid permissions on Lambda function"
    public static let noIntegrationPermission: StaticString = "permissions to call the integration"
    public static let noMapping: StaticString = "No match for output mapping"
    public static let hostName: StaticString = "Host name"
    public static let certificateMismatch: StaticString = "does not match the certificate"
    public static let badBody: StaticString = "Request body does not match"
    public static let missingParameters: StaticString = "Missing required request parameters"
    public static let missingToken: StaticString = "Missing Authentication Token"
    public static let unauthorized: StaticString = "Unauthorized request"
    public static let notAuthorized: StaticString = "is not authorized to"
    public static let forbidden: StaticString = "Forbidden"
  }

  /// Fixed limits of API Gateway and Lambda, in milliseconds.
  public enum Limit {
    /// The maximum duration of an invocation.
    public static let invocation: Int64 = 900_000
    /// The maximum time that an HTTP API waits for its integration.
    public static let httpAPI = 30_000.0
  }
}
