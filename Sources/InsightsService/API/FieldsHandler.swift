internal import InsightsEngine

/// `GET /api/fields`: the rows of `insights fields`.
enum FieldsHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/fields"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    try service.withEngine(for: request.http) { try .json($0.fields()) }
  }
}
