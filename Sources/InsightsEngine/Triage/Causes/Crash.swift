extension FailureCause {
  /// The runtime process went away without raising an error that it could log.
  static let crash = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .fingerprint,
    matches: { fault in
      guard fault.invocation?.status != "success" else { return false }
      return fault.errorType == "Runtime.ExitError" || fault.errorType == "Sandbox.Failure"
        || fault.errorType == "Runtime.TruncatedResponse"
        || fault.error?.message?.includes("Process exited before completing request") == true
    },
    title: { _ in "crash: the runtime exited" },
    advice: { fault in
      let message = fault.error?.message ?? ""
      if message.includes("segmentation fault") || message.includes("signal: aborted") {
        return "A native library crashed: build it for the function's runtime and architecture, "
          + "or go back to its last good version."
      }
      return "Find what ends the process (sys.exit, process.exit, os.Exit, a panic outside the "
        + "handler, a missing file) in the lines before; answer with an error instead."
    })
}
