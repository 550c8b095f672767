/// The phrases that AWS itself writes into logs, each defined once.
///
/// Ingest, triage, metrics, store statistics and the query pack use them. The phrases of language
/// runtimes are in `InsightsIngest/Lambda/Runtimes`.
public enum AWSMessages {
  /// Phrases of the Lambda platform other than START, END and REPORT.
  public enum Platform {
    /// Followed by the seconds.
    public static let timedOut: StaticString = "Task timed out after "
    /// Written until 2019, for every runtime.
    public static let exitedEarly: StaticString = "Process exited before completing request"
    public static let unknownError: StaticString = "Unknown application error occurred"
    /// The kernel killed the process because it ran out of memory.
    public static let killed: StaticString = "signal: killed"
    public static let segmentationFault: StaticString = "segmentation fault"
    public static let aborted: StaticString = "signal: aborted"
  }

  /// Error types that the platform reports.
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

  /// Messages of the runtime interface clients when Lambda rejects a request of theirs.
  public enum RuntimeClient {
    /// Stands between the level and the text.
    public static let mark: StaticString = "LAMBDA_RUNTIME "
    /// The possible beginnings of the text.
    public static let failures: [StaticString] = [
      "Failed to post handler success response", "Failed to post handler failure response",
      "Failed to get next invocation", "Failed to post init error",
    ]
    /// Follows the first letter of `Response`, which occurs in both cases; the status comes next.
    public static let status: StaticString = "esponse code: "
  }

  /// Lines of the runtime emulator: `29 Nov 2026 15:05:37,595 [ERROR] (rapid) …`.
  public enum Emulator {
    public static let mark: StaticString = "] (rapid) "
    public static let invokeStarted: StaticString = "INVOKE START(requestId: "
    public static let invokeFailed: StaticString = "Invoke failed"
    /// Ids and errors of `invokeFailed` come in any order.
    public static let invokeID: StaticString = "InvokeID="
    public static let error: StaticString = "error="
    /// The error of an invocation that was stopped at its timeout.
    public static let reset: StaticString = "errResetReceived"
  }
}
