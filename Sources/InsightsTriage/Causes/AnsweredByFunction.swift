extension FailureCause {
  /// The function ended normally and returned the status itself, without logging an error.
  static let answeredByFunction = FailureCause(
    status: 500, httpAPIStatus: 500, grouping: .function,
    matches: { fault in
      guard let gateway = fault.gateway, gateway.inferredStatus != nil else { return false }
      return gateway.wasAnsweredByFunction
    },
    title: {
      "answered by the function: \($0.gateway?.inferredStatus ?? 500) with no error logged"
    },
    advice: { _ in
      "Read the request's own lines for the reason, and let the handler log the error (with its "
        + "traceback) whenever it answers a 5xx."
    })
}
