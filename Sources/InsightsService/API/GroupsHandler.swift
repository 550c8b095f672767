internal import InsightsEngine
internal import InsightsQuery

/// `GET /api/groups`: the rows of `insights groups`.
enum GroupsHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/groups"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let options = Binder.Options(timeRange: try request.timeRange(), rowLimit: .max)
    return try .json(service.withEngine { try $0.logGroups(options: options) })
  }
}
