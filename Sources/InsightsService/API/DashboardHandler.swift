internal import InsightsEngine
internal import InsightsMetrics
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// `POST /api/dashboard` with `{"dashboard": {…}}`: the output of `insights run dashboard.json
/// --format json`.
enum DashboardHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/dashboard"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    guard let document = request.body["dashboard"] else { throw APIError("'dashboard' is missing") }
    let dashboard: Dashboard
    do throws(DashboardError) {
      dashboard = try Dashboard(document)
    } catch {
      throw APIError(error.message, help: ["take what aws cloudwatch get-dashboard printed, whole"])
    }
    let options = try request.binderOptions()
    let isGiven = options.timeRange != .everything
    let widgets = try service.withEngine(until: request.http.clientGone) {
      try $0.answers(
        to: dashboard, range: isGiven ? options.timeRange : nil, logGroups: options.logGroups,
        now: options.now)
    }
    var buffer = OutputBuffer()
    try DashboardJSON.write(widgets, to: &buffer)
    return .json(text: String(decoding: buffer.bytes, as: UTF8.self))
  }
}
