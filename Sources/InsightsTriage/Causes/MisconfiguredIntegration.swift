internal import InsightsText

extension FailureCause {
  /// The gateway could not call the integration, or could not convert its reply to a response.
  static let misconfiguredIntegration = FailureCause(
    status: 500, httpAPIStatus: 500, grouping: .gatewayMessage,
    matches: { $0.gateway?.reports(AWSMessages.Gateway.configurationError) == true },
    title: { fault in
      let text = fault.gateway?.failure(with: AWSMessages.Gateway.configurationError)
      let detail = text?.value(
        after: "\(AWSMessages.Gateway.configurationError)", upTo: { ".'".contains($0) })
      return "misconfigured integration" + (detail.map { ": \($0)" } ?? "")
    },
    advice: { fault in
      if fault.gateway?.reports(AWSMessages.Gateway.noMapping) == true {
        return "Add an integration response for this status (or a default one), or use the Lambda "
          + "proxy integration, which needs none; deploy the stage."
      }
      if fault.gateway?.reports(AWSMessages.Gateway.certificateMismatch) == true {
        return "The integration's host name and its TLS certificate differ: correct the endpoint "
          + "URI or the certificate."
      }
      return "Correct the integration as the gateway's line says, and deploy the stage."
    })
}
