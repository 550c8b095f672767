internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText

/// Returns every field of the event that a `@ptr` refers to, as text.
enum GetLogRecord: AWSOperation {
  static let name = "GetLogRecord"
  static let members: [Member] = [
    .required("logRecordPointer", .string()),
    .optional("unmask", .boolean),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    guard let pointer = EventPointer(request.required("logRecordPointer")) else {
      throw AWSError.invalidParameter("The log record pointer is none that a query here gave.")
    }
    guard let record = try service.withEngine({ try $0.record(pointer) }) else {
      throw AWSError.notFound("The log record pointer leads to no event of this store.")
    }
    var fields = JSONObject()
    for (name, value) in LogRecordReply.fields(of: record) { fields[name] = .string(value) }
    return .json(["logRecord": .object(fields)])
  }
}
