internal import InsightsText

/// `POST /api/check`: the diagnostics of a query, which is not run: `{"diagnostics": […]}`.
enum CheckHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/check"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    do {
      let asked = try service.request(for: APIQuestion(request), withTraps: true)
      return .json(["diagnostics": .array(asked.diagnostics + asked.traps)])
    } catch {
      // A query that does not compile is a valid result here.
      let error = APIError(error)
      guard !error.diagnostics.isEmpty else { throw error }
      return .json(["diagnostics": .array(error.diagnostics)])
    }
  }
}
