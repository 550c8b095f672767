internal import InsightsEngine
internal import InsightsQuery
internal import InsightsText

/// `GET /api/queries`: the saved queries, with their parameters and texts.
enum SavedQueriesHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/queries"

  static func reply(to request: APIRequest, in service: LogService) -> Reply {
    .json(.array(service.pack.queries.map(json)))
  }

  private static func json(of query: SavedQuery) -> JSONValue {
    let parameters = query.parameters.map { parameter -> JSONValue in
      [
        "name": .string(parameter.name), "type": .string(parameter.type),
        "default": parameter.defaultValue.map { .string($0) } ?? .null,
        "description": .string(parameter.description),
      ]
    }
    return [
      "name": .string(query.name), "title": .string(query.title ?? query.name),
      "description": .string(query.description ?? ""), "parameters": .array(parameters),
      "chart": query.chart.map { .string($0) } ?? .null, "query": .string(query.text),
    ]
  }
}

/// `POST /api/queries` with `{"name", "parameters": {…}}`: the text of a saved query, with its
/// parameters filled in.
enum FilledQueryHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/queries"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let name = try request.required("name")
    guard let query = service.pack.queries.first(where: { $0.name == name }) else {
      throw APIError("there is no saved query '\(name)'", status: 404)
    }
    var values: [String: String] = [:]
    for member in request.body["parameters"]?.object?.members ?? [] {
      guard let text = member.value.string else { throw APIError("parameters take strings") }
      guard query.parameterNames.contains(member.name) else {
        throw APIError("'\(name)' has no parameter '\(member.name)'")
      }
      values[member.name] = text
    }
    do throws(ParameterError) {
      let source = try query.source(filling: values)
      return .json(["query": .string(source[0..<source.bytes.count])])
    } catch {
      throw APIError(explanation(of: error))
    }
  }

  private static func explanation(of error: ParameterError) -> String {
    switch error {
    case .missing(let name): "the parameter '\(name)' needs a value"
    case .backtickInName(let name): "the value of '\(name)' is a name and may have no backtick"
    case .mismatch(let name, let value, let type):
      "'\(name)' takes a \(type.rawValue), not '\(value)'"
    case .unknownType(let name, let type): "'\(name)' is of an unknown type '\(type)'"
    }
  }
}
