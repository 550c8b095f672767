internal import InsightsEngine
internal import InsightsModel
internal import InsightsText

/// `GET /api/info`: the statistics of `insights info`, and the name of the store.
enum InfoHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/info"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let figures = try service.withEngine { try $0.storeStatistics() }
    var object = JSONObject()
    for (name, value) in figures {
      switch value {
      case .integer(let number): object[name] = .integer(number)
      case .real(let number): object[name] = .number("\(number)")
      case .text(let text), .wide(let text): object[name] = .string(text)
      case .null: break
      }
    }
    // Do not expose the folder.
    object["store"] = .string(
      service.storeName)
    object["version"] = .string(service.options.version)
    return .json(.object(object))
  }
}
