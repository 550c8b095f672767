internal import InsightsEngine
internal import InsightsText

/// `GET /api/triage`: what `insights triage --format json` writes; with `request`, of that request; with
/// `compare`, beside an earlier period.
enum TriageHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/triage"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let engine = try service.engine()
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
      guard let period = EarlierPeriod(rawValue: name) else {
        throw APIError("'compare' takes previous, day, week or month, not '\(name)'")
      }
      return try engine.comparison(of: report, with: period, options: options)
    }
    return .json(
      text: TriageJSON.text(of: report.findings, in: report, comparedWith: comparison))
  }
}
