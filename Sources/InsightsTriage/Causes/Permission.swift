internal import InsightsText

extension FailureCause {
  /// Permission is missing: the caller's for the API, or the API's for the function.
  static let permission = FailureCause(
    status: 403, httpAPIStatus: 403, grouping: .gatewayMessage,
    matches: { fault in
      guard let gateway = fault.gateway else { return false }
      if isAboutIntegration(gateway) { return true }
      return gateway.inferredStatus == 403 && !gateway.wasAnsweredByFunction
    },
    title: { fault in
      if let gateway = fault.gateway, isAboutIntegration(gateway) {
        return "no permission: the gateway may not invoke the function"
      }
      return "no permission: the gateway refused the caller"
    },
    advice: { fault in
      guard let gateway = fault.gateway, !isAboutIntegration(gateway) else {
        return "Let the API invoke the function: add a resource policy statement "
          + "(lambda:InvokeFunction, principal apigateway.amazonaws.com, source ARN of this API "
          + "and stage), for the alias that the integration calls."
      }
      if gateway.reports("API Key") || gateway.reports("API key") {
        return "Send a valid x-api-key, and see that the key's usage plan covers this stage."
      }
      if gateway.reports(AWSMessages.Gateway.missingToken) {
        return "The path or method does not exist in the deployed stage, or the request is not "
          + "signed: check the URL, and deploy the API again."
      }
      return "Find out who refused: the authorizer's policy, IAM of the caller, the API's resource "
        + "policy, or AWS WAF; compare the caller's credentials and the route with it."
    })

  private static func isAboutIntegration(_ gateway: GatewayRequest) -> Bool {
    gateway.reports(AWSMessages.Gateway.noPermission)
      || gateway.reports(AWSMessages.Gateway.noIntegrationPermission)
  }
}

extension GatewayRequest {
  /// Whether the function was called and returned this status itself.
  var wasAnsweredByFunction: Bool {
    failures.isEmpty && lambdaRequestID != nil
  }
}
