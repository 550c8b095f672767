internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText

/// `GET /api/record?ptr=…`: one event with all its fields, as an object.
enum RecordHandler: APIHandler {
  static let method = "GET"
  static let path = "/api/record"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    guard let text = request.http.parameter("ptr"), let pointer = EventPointer(text) else {
      throw APIError("'ptr' takes what a query showed as @ptr")
    }
    guard let record = try service.withEngine({ try $0.record(pointer) }) else {
      throw APIError(
        "no event is behind this pointer", status: 404,
        help: ["a pointer leads to an event of the store that it was given by"])
    }
    // The single row of the array.
    let rows = try Reply.jsonText(of: record)
    guard let start = rows.firstIndex(of: "{"), let end = rows.lastIndex(of: "}") else {
      return .json(.object(JSONObject()))
    }
    return .json(text: String(rows[start...end]))
  }
}
