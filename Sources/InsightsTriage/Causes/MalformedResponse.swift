internal import InsightsText

extension FailureCause {
  /// The function ended normally, but its result is not a valid proxy response.
  static let malformedResponse = FailureCause(
    status: 502, httpAPIStatus: 500, grouping: .function,
    matches: { fault in
      fault.gateway?.reports(AWSMessages.Gateway.malformedResponse) == true
    },
    title: { _ in "malformed proxy response" },
    evidence: { _ in ["the function itself logged no error: it ended well"] },
    advice: { _ in
      "Return an object with an integer statusCode, headers as an object and a body that is text "
        + "(JSON.stringify or json.dumps it; base64 with isBase64Encoded for binary), on every "
        + "path through the handler."
    })
}
