internal import InsightsEngine
internal import InsightsText
internal import InsightsTriage

/// `GET /api/triage`: the output of `insights triage --format json`.
///
/// With `request`, only that request; with `compare`, also the comparison with an earlier period or
/// a range `start/end`.
enum TriageHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/triage"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    try service.withEngine(until: request.http.clientGone) { try reply(to: request, by: $0) }
  }

  private static func reply(to request: APIRequest, by engine: Engine) throws -> Reply {
    let options = TriageOptions(
      timeRange: try request.timeRange(), logGroups: request.http.parameters("group"))
    if let id = request.http.parameter("request") {
      guard let story = try engine.story(of: id, options: options) else {
        throw APIError(
          "no log names a request '\(id)'", status: 404,
          help: ["its lines may be in a log group that is not in this store"])
      }
      return .json(text: TriageJSON.text(of: story))
    }
    let report = try engine.triage(options)
    let comparison = try request.http.parameter("compare").flatMap { name in
      guard let other = ComparedRange(name) else {
        throw APIError(
          "'compare' takes previous, day, week, month or start/end, not '\(name)'")
      }
      return try engine.comparison(of: report, with: other, options: options, now: LogService.now)
    }
    return .json(
      text: TriageJSON.text(of: report.findings, in: report, comparedWith: comparison))
  }
}
