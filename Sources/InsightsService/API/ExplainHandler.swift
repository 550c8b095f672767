internal import InsightsEngine
internal import InsightsQuery
internal import InsightsText

/// `POST /api/explain` with `{"query", "stage"}`: the output of a stage for a query, as text.
enum ExplainHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/explain"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let name = try request.string("stage") ?? QueryStage.plan.rawValue
    guard let stage = QueryStage(rawValue: name) else {
      throw APIError(
        "there is no stage '\(name)'",
        help: ["stages: \(QueryStage.allCases.map(\.rawValue).joined(separator: ", "))"])
    }
    let source = try service.source(of: try request.required("query"))
    let options = try request.binderOptions()
    func explain(_ engine: Engine?) throws -> String {
      try Engine.explain(source, stage: stage, options: options, engine: engine)
    }
    let text =
      stage == .scan
      ? try service.withEngine(until: request.http.clientGone, explain) : try explain(nil)
    return .json(["text": .string(text)])
  }
}
