internal import InsightsEngine
internal import InsightsQuery
internal import InsightsText

/// Returns which of some messages a filter pattern matches, and the values of its fields.
enum TestMetricFilter: AWSOperation {
  static let name = "TestMetricFilter"
  static let members: [Member] = [
    .required("filterPattern", .filterPattern),
    .required("logEventMessages", .list(1...50, of: .string(1...Int.max))),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let messages = request.strings("logEventMessages") ?? []
    guard let pattern = try request.filterPattern("filterPattern") else { return .json([:]) }
    let matches = try Engine.indexes(of: messages, matching: pattern).map { number in
      let message = messages[number]
      let entry: JSONObject = [
        "eventNumber": .integer(number + 1), "eventMessage": .string(message),
        "extractedValues": .object(extractedValues(of: message, pattern.fields)),
      ]
      return JSONValue.object(entry)
    }
    return .json(["matches": .array(matches)])
  }

  private static func extractedValues(of message: String, _ fields: SpacedFields?) -> JSONObject {
    guard let fields else { return JSONObject() }
    var values = JSONObject()
    Array(message.utf8).withUnsafeBufferPointer { bytes in
      for index in fields.names.indices {
        let range = SpacedText.field(
          index, of: fields.names.count, gap: fields.gap, in: bytes)
        guard let range else { continue }
        values[fields.shownName(of: index)] = .string(
          String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self))
      }
    }
    return values
  }
}
