internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// `POST /api/export` with `{"query", "format"}`: all rows, as `insights query --limit all` writes
/// them.
///
/// Formats that are written row by row need only a bounded buffer in memory, whatever the number of
/// rows: the rest is in a temporary file until all rows are found, so that a received file is
/// complete. The other formats, such as `table` and `html`, have the memory limit of a query.
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
    var question = try APIQuestion(request)
    // No limit, as in the command: with a limit, rows would be sorted newest first.
    question.limit = .max
    let showsDetails = OutputFormatRegistry.showsQueryDetails(format)
    question.showsDetails = showsDetails
    var query = try service.request(for: question).request
    query.wantsStatistics = showsDetails
    let headers = [(name: "content-type", value: "application/octet-stream")]
    if let formatter = formatter as? any RowFormatter {
      let sink = FileSink(formatter, showsStatistics: showsDetails)
      _ = try service.run(query, into: sink, for: request.http)
      let file = WholeFile(spool: sink.spool)
      return Reply(headers: headers, body: .stream(file.send))
    }
    let sink = TableSink()
    let statistics = try service.run(query, into: sink, for: request.http)
    var table = sink.table
    if showsDetails { table.statistics = statistics }
    var buffer = OutputBuffer()
    if let formatter = formatter as? any ReportFormatter {
      let result = NamedResult(
        name: "query", query: query.source[0..<query.source.bytes.count], table: table)
      let report = Report(
        title: "Query", facts: [Report.Fact("Store", service.storeName)], results: [result],
        isSingle: true)
      try formatter.write(report, to: &buffer)
    } else {
      try formatter.write(table, to: &buffer)
    }
    return Reply(headers: headers, body: .bytes(buffer.bytes))
  }

  /// A complete file; only the thread that sends it refers to it.
  private struct WholeFile: @unchecked Sendable {
    let spool: OutputSpool

    func send(to stream: any ReplyStream) {
      do {
        try spool.forEachPiece { stream.write(Array($0)) }
      } catch {
        stream.abort()
      }
    }
  }
}
