internal import InsightsText

extension FailureCause {
  private typealias Types = AWSMessages.ErrorType

  /// The runtime process ended without raising an error that it could log.
  static let crash = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .fingerprint,
    matches: { fault in
      guard fault.invocation?.status != "success" else { return false }
      let types = [Types.exited, Types.sandboxFailed, Types.truncatedResponse]
      return fault.errorType.map(types.contains) == true
        || fault.error?.message?.includes(AWSMessages.Platform.exitedEarly) == true
    },
    title: { _ in "crash: the runtime exited" },
    advice: { fault in
      let message = fault.error?.message ?? ""
      if message.includes(AWSMessages.Platform.segmentationFault)
        || message.includes(AWSMessages.Platform.aborted)
      {
        return "A native library crashed: build it for the function's runtime and architecture, "
          + "or go back to its last good version."
      }
      return "Find what ends the process (sys.exit, process.exit, os.Exit, a panic outside the "
        + "handler, a missing file) in the lines before; answer with an error instead."
    })
}
