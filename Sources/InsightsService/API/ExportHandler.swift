internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// `POST /api/export` with `{"query", "format"}`: all rows, as `insights query --limit all` writes them.
enum ExportHandler: APIHandler {
  static let method = "POST"
  static let path = "/api/export"

  static func reply(to request: APIRequest, in service: LogService) throws -> Reply {
    let format = try request.string("format") ?? "json"
    guard let formatter = OutputFormatRegistry.formatter(named: format, for: .none) else {
      let names = OutputFormatRegistry.all.map { $0.descriptor.name }
      throw APIError(
        "there is no format '\(format)'", help: ["formats: \(names.joined(separator: ", "))"])
    }
    let source = try service.source(of: try request.required("query"))
    var options = try request.binderOptions()
    options.rowLimit = .max
    options.showsDetails = OutputFormatRegistry.showsQueryDetails(format)
    let table = try service.engine().answer(
      source, options: options, countsRows: options.showsDetails
    ).table
    var buffer = OutputBuffer()
    if let formatter = formatter as? any ReportFormatter {
      let result = NamedResult(
        name: "query", query: source[0..<source.bytes.count], table: table)
      let report = Report(
        title: "Query", facts: [Report.Fact("Store", service.storeName)], results: [result],
        isSingle: true)
      try formatter.write(report, to: &buffer)
    } else {
      try formatter.write(table, to: &buffer)
    }
    return Reply(
      headers: [("content-type", "application/octet-stream")], body: .bytes(buffer.bytes))
  }
}
