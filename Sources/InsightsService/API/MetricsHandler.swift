internal import InsightsEngine
internal import InsightsMetrics
internal import InsightsText

/// `GET /api/metrics?period=5m&alarm=…`: the rows of `insights metrics`, and which alarms fire; an
/// alarm that cannot be read has an `error` instead.
enum MetricsHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/metrics"

  /// The maximum number of alarms per request.
  private static let alarmLimit = 50

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    try service.withEngine(until: request.http.clientGone) { try reply(to: request, by: $0) }
  }

  private static func reply(to request: APIRequest, by engine: Engine) throws -> Reply {
    var options = MetricsOptions(
      timeRange: try request.timeRange(), logGroups: request.http.parameters("group"))
    if let text = request.http.parameter("period"), text != "all" {
      guard let length = TimeExpression.length(text), length > 0 else {
        throw APIError("'period' takes a length of time such as 5m, or 'all'")
      }
      options.period = length
    }
    let report = try engine.metrics(options)
    var alarms: [JSONValue] = []
    for text in request.http.parameters("alarm").prefix(alarmLimit) {
      do {
        let alarm = try Alarm(text)
        var own = options
        own.period = alarm.period
        let firings = alarm.firings(
          in: own.period == options.period ? report : try engine.metrics(own))
        alarms.append([
          "alarm": .string(text), "fires": .bool(!firings.isEmpty),
          "detail": .string(firings.map(\.reason).joined(separator: "; ")),
        ])
      } catch let error as AlarmError {
        alarms.append(["alarm": .string(text), "error": .string(error.message)])
      }
    }
    let rows = try Reply.jsonText(of: report.table)
    return .json(text: "{\"rows\": \(rows), \"alarms\": \(JSONValue.array(alarms).text)}")
  }
}
