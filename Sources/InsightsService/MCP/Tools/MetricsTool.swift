internal import InsightsEngine
internal import InsightsMetrics
internal import InsightsText

/// Computes from the logs what CloudWatch's alarms watch.
enum MetricsTool: MCPTool {
  static let name = "metrics"
  static let title = "Metrics of Lambda functions"
  static let description = """
    Computes CloudWatch's metrics of Lambda functions from their logs, by function and period: \
    invocations, errors, throttles, durations (p50, p95, p99, maximum, in milliseconds), peak of \
    concurrent executions, cold starts in percent, and cost in US dollars. Use 'period' to see how they \
    change over time. Throttles are the refused calls that callers and gateways tell of: they may be of \
    functions without a log here, and gateways are read whatever log groups are named.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .optional(
        "period", .string, "Length of a period such as 60s, 5m or 1h. Default: one over all.")
    ] + JSONSchema.Member.timeRange + [.logGroupNames]

  static let output: [JSONSchema.Member] = [
    .required(
      "metrics",
      .list(
        .object([
          .optional("period", .string, "The start of the period, UTC."),
          .optional("function", .string), .required("Invocations", .number),
          .required("Errors", .number), .required("Throttles", .number),
          .optional("DurationP50", .number), .optional("DurationP95", .number),
          .optional("DurationP99", .number), .optional("DurationMax", .number),
          .optional("ConcurrentExecutions", .number), .optional("ColdStartRate", .number),
          .optional("Cost", .number), .optional("CostPerMillion", .number),
        ])), "By period and function."),
    .messages,
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    var options = MetricsOptions(timeRange: try call.timeRange(), logGroups: call.logGroups)
    if let text = call.string("period"), !text.isEmpty {
      guard let length = TimeExpression.length(text), length > 0 else {
        throw MCPToolError("'period' takes a length such as 60s, 5m or 1h, not '\(text)'")
      }
      options.period = length
    }
    return try call.withEngine { try result(of: call, options, by: $0) }
  }

  private static func result(
    of call: MCPToolCall, _ options: MetricsOptions, by engine: Engine
  ) throws -> JSONObject {
    let table = try engine.metrics(options).table
    var budget = MCPBudget()
    let rows = budget.first(
      of: try MCPToolCall.rows(of: table), named: "rows",
      narrowing: "a longer 'period', a shorter range of time, or log groups")
    let reasons =
      rows.isEmpty
      ? ["there is no invocation and no throttle in this range"]
        + (try call.reasonsForNothing(engine, options.timeRange, logGroups: options.logGroups))
      : []
    return ["metrics": .array(rows), "messages": .strings(reasons + budget.notes)]
  }
}
