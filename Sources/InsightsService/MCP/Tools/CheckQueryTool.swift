internal import InsightsEngine
internal import InsightsQuery
internal import InsightsText

/// Reports the diagnostics of a query without running it.
enum CheckQueryTool: MCPTool {
  static let name = "check_query"
  static let title = "Check a query"
  static let description = """
    Compiles a Logs Insights query without running it. Says what is wrong with it, with a caret under \
    the place and how to mend it, warns of what CloudWatch does otherwise than one thinks, and tells how \
    many bytes the query reads and what that would cost in CloudWatch.
    """
  static let arguments: [JSONSchema.Member] =
    [.required("query_string", .string, "The query, in the Logs Insights query language.")]
    + JSONSchema.Member.timeRange + [.logGroupNames]

  static let output: [JSONSchema.Member] = [
    .required("valid", .boolean, "Whether it compiles."),
    .required(
      "diagnostics",
      .list(
        .object([
          .required("severity", .choice(["error", "warning"])), .required("id", .string),
          .required("message", .string), .required("source", .string),
          .required("line", .count), .required("column", .count),
          .required("start", .count, "Characters before it."), .required("end", .count),
          .required("notes", .strings), .required("help", .strings, "What to do, best first."),
          .optional(
            "fix",
            .object([
              .required("start", .count, "Characters before what is replaced."),
              .required("end", .count), .required("text", .string),
            ]), "What was most likely meant."),
        ]))),
    .required("report", .string, "The same as text, with carets; empty if there are none."),
    .optional("bytes_scanned", .count, "Bytes of messages that it reads here."),
    .optional("cost_usd", .number, "What AWS charges for reading them, US dollars."),
  ]

  static func result(of call: MCPToolCall) throws -> JSONObject {
    try call.withEngine { try result(of: call, by: $0) }
  }

  private static func result(of call: MCPToolCall, by engine: Engine) throws -> JSONObject {
    let options = try call.binderOptions()
    do {
      let source = try call.service.source(of: call.required("query_string"))
      let query = try engine.compile(source, options: options)
      var result = answer(query.warnings + engine.traps(of: query), source)
      let bytes = try engine.scannedBytes(of: query)
      result["bytes_scanned"] = .integer(bytes)
      result["cost_usd"] = .number(Self.dollars(bytes))
      return result
    } catch let error as QueryError {
      return answer(error.diagnostics, error.source)
    }
  }

  private static func answer(_ diagnostics: [Diagnostic], _ source: SourceText) -> JSONObject {
    [
      "valid": .bool(!diagnostics.contains { $0.severity == .error }),
      "diagnostics": .array(diagnostics.prefix(50).map { $0.json(of: source) }),
      "report": .string(
        diagnostics.isEmpty
          ? "" : DiagnosticRenderer().render(Array(diagnostics.prefix(50)), of: source)),
    ]
  }

  /// Returns the price in plain digits: US$ 0.005 for 2^30 bytes, as in us-east-1 and most regions.
  private static func dollars(_ bytes: Int64) -> String {
    let millionths = (Double(bytes) / Double(1 << 30) * 5000).rounded()
    var text: [UInt8] = []
    NumericText.append(millionths / 1_000_000, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}
