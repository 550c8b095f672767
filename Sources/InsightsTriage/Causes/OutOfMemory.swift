internal import InsightsText

extension FailureCause {
  /// The function exhausted its memory and was killed, by Lambda or by its own runtime.
  static let outOfMemory = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .function,
    matches: {
      $0.invocation?.isOutOfMemory == true || $0.error?.type == AWSMessages.ErrorType.outOfMemory
    },
    title: { _ in "out of memory" },
    evidence: { fault in
      // Lambda kills at the memory size; a runtime that fails far below it has its own limit.
      guard let invocation = fault.invocation, let used = invocation.memoryUsed,
        let size = invocation.memorySize, used * 10 < size * 9,
        fault.errorType != AWSMessages.ErrorType.outOfMemory
      else { return [] }
      return ["\(used) of \(size) MB used: the runtime has a limit (heap) below the memory size"]
    },
    advice: { fault in
      let size = fault.invocation?.memorySize
      let proposal = size.map { " from \($0) to \($0 * 2) MB, say," } ?? ""
      return "Raise the memory size\(proposal) and see with lambda/memory-headroom what is left; a "
        + "heap limit set by hand (--max-old-space-size, -Xmx, memory_limit) must be raised too. "
        + "Stream large objects instead of loading them, and look for what grows between "
        + "invocations of one sandbox."
    })
}
