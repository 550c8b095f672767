internal import InsightsEngine
internal import InsightsModel
internal import InsightsText

extension Engine {
  /// Returns the number of sandboxes per function that were started ahead, with provisioned
  /// concurrency, and the number started for a request.
  ///
  /// Only the JSON log format contains this.
  func sandboxStarts(
    _ options: TriageOptions
  ) throws -> [(function: String, provisioned: Int, onDemand: Int)] {
    let names = Set(ResultRow.rows(of: try fields()).compactMap { $0.text("field") })
    guard names.contains("record.initializationType") else { return [] }
    return try rows(
      of: """
        filter type = "platform.initStart"
        | stats sum(record.initializationType = "provisioned-concurrency") as provisioned,
            sum(record.initializationType = "on-demand") as demanded by @log
        """, in: options.timeRange
    ).compactMap { row in
      FunctionName.of(logGroup: row.text("@log")?.logGroupOfLog, logStream: nil).map {
        ($0, Int(row.integer("provisioned") ?? 0), Int(row.integer("demanded") ?? 0))
      }
    }
  }
}
