internal import InsightsText

extension FailureCause {
  /// The gateway rejected the request without calling the function, for its form or for exceeding a
  /// rate.
  static let requestFormat = FailureCause(
    status: 400, httpAPIStatus: 400, grouping: .gatewayMessage,
    matches: { fault in
      guard let gateway = fault.gateway, let status = gateway.inferredStatus else { return false }
      return (status == 400 || status == 429) && !gateway.wasAnsweredByFunction
    },
    title: { fault in
      fault.gateway?.inferredStatus == 429
        ? "the gateway's own rate limit or quota was reached"
        : "request format: the gateway refused the request"
    },
    advice: { fault in
      if fault.gateway?.inferredStatus == 429 {
        return "Raise the rate, burst or quota of the stage or of the usage plan, or slow the "
          + "caller down."
      }
      if fault.gateway?.reports("model schema") == true {
        return "Compare the request's body with the model of the method: the line names what is "
          + "missing or of the wrong type; correct the caller, or the model."
      }
      if fault.gateway?.reports(AWSMessages.Gateway.missingParameters) == true {
        return "Send the parameters or headers that the line names, or make them optional in the "
          + "method's request."
      }
      return "Look at the request's method, headers (Content-Type), query and body: the gateway "
        + "could not accept them; validate them in the client."
    })
}
