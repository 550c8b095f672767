internal import InsightsEngine

/// `GET /api/fields`: the rows of `insights fields`.
enum FieldsHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/fields"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    try service.withEngine(until: request.http.clientGone) { try .json($0.fields()) }
  }
}
