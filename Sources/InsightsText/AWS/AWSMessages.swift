/// What AWS itself writes into logs, each phrase once: ingest, triage, metrics, the figures of a
/// store and the query pack go by these.
///
/// What a language's runtime writes is in `InsightsIngest/Lambda/Runtimes`.
public enum AWSMessages {
  /// Lines of the Lambda platform beside START, END and REPORT.
  public enum Platform {
    /// Seconds follow.
    public static let timedOut: StaticString = "Task timed out after "
    /// Of the years until 2019, in any language.
    public static let exitedEarly: StaticString = "Process exited before completing request"
    public static let unknownError: StaticString = "Unknown application error occurred"
    /// What the kernel does to a process that takes more memory than there is.
    public static let killed: StaticString = "signal: killed"
    public static let segmentationFault: StaticString = "segmentation fault"
    public static let aborted: StaticString = "signal: aborted"
  }

  /// Error types that the platform gives.
  public enum ErrorType {
    public static let outOfMemory = "Runtime.OutOfMemory"
    public static let timedOut = "Sandbox.Timedout"
    public static let exited = "Runtime.ExitError"
    public static let sandboxFailed = "Sandbox.Failure"
    public static let truncatedResponse = "Runtime.TruncatedResponse"
    public static let responseTooLarge = "Function.ResponseSizeTooLarge"
    public static let importFailed = "Runtime.ImportModuleError"
    public static let handlerNotFound = "Runtime.HandlerNotFound"
    public static let syntaxError = "Runtime.UserCodeSyntaxError"
  }

  /// What the clients of the runtimes log when Lambda does not take what they send.
  public enum RuntimeClient {
    /// Between the level and the text.
    public static let mark: StaticString = "LAMBDA_RUNTIME "
    /// Beginnings of the text.
    public static let failures: [StaticString] = [
      "Failed to post handler success response", "Failed to post handler failure response",
      "Failed to get next invocation", "Failed to post init error",
    ]
    /// Behind the first letter of `Response`, which is written in either case; the status follows.
    public static let status: StaticString = "esponse code: "
  }

  /// Lines of the runtime emulator: `29 Nov 2026 15:05:37,595 [ERROR] (rapid) …`.
  public enum Emulator {
    public static let mark: StaticString = "] (rapid) "
    public static let invokeStarted: StaticString = "INVOKE START(requestId: "
    public static let invokeFailed: StaticString = "Invoke failed"
    /// Ids and errors of `invokeFailed`, in any order.
    public static let invokeID: StaticString = "InvokeID="
    public static let error: StaticString = "error="
    /// The error of an invocation that was stopped at its timeout.
    public static let reset: StaticString = "errResetReceived"
  }
}
