internal import InsightsEngine
internal import InsightsModel
internal import InsightsText

/// The kinds of lines that occur in a range.
struct LineKinds {
  var hasThrottles: Bool
  var hasExecutionLog: Bool
  var hasCommonLog: Bool
  /// Whether there are lines that may contain events of an HTTP API.
  var hasHTTPEvents: Bool
}

extension Engine {
  /// Returns which kinds of lines occur in a range, by a single scan, so that no queries are run
  /// for absent kinds.
  func lineKinds(in range: TimeRange) throws -> LineKinds {
    let throttle = "@message like \(AWSMessages.Throttle.pattern)"
    let execution =
      "(\(GatewayRequest.isExecutionLine) or \(GatewayRequest.isFailureLine) "
      + "or \(GatewayRequest.isCallLine))"
    let access = "@message like \(GatewayRequest.anyCommonLogPattern)"
    let event = "@message like \(Self.httpEventPattern)"
    let row = try rows(
      of: """
        filter \(throttle) or \(execution) or \(access) or \(event)
        | stats sum(\(throttle)) as throttles, sum(\(execution)) as executions,
            sum(\(access)) as accesses, sum(\(event)) as events
        """, in: range
    ).first
    func has(_ name: String) -> Bool { row?.isTrue(name) ?? false }
    return LineKinds(
      hasThrottles: has("throttles"), hasExecutionLog: has("executions"),
      hasCommonLog: has("accesses"), hasHTTPEvents: has("events"))
  }
}
