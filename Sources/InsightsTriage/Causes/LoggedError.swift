extension FailureCause {
  /// The function logged an error but ended normally: it handled the error itself.
  static let loggedError = FailureCause(
    status: 500, httpAPIStatus: 500, grouping: .fingerprint,
    matches: { $0.error?.kind == "logged" },
    title: { "logged error: \($0.errorType ?? "an error object")" },
    evidence: { fault in
      fault.gateway == nil
        ? ["the invocation ended well: the status is the handler's own answer, most likely 500"]
        : []
    },
    advice: { fault in
      fault.advice(
        otherwise:
          "The handler caught this error and answered it: correct its reason, and answer what "
          + "callers can act on (4xx for their fault, 503 with Retry-After for a dependency's).")
    })
}
