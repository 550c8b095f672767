internal import InsightsText

/// Replies of `get-query-results`: rows of `{"field", "value"}`.
struct GetQueryResultsFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "get-query-results",
    summary: "JSON of `aws logs get-query-results`; `@message` must be among the fields",
    sample: """
      {"results": [[{"field": "@timestamp", "value": "2026-03-04 10:00:00.000"},
        {"field": "@message", "value": "cache warm\\n"}, {"field": "@ptr", "value": "Cl0K"}]],
       "statistics": {"recordsMatched": 1.0}, "status": "Complete"}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    if list == "results" { return record.isKind(.array) }
    // The rows alone, the output of `--query results`.
    var fields = record.elements
    if let value = fields.next() {
      let first = JSONRecord(text: record.text, value: value)
      return first["field"] != nil && first["value"] != nil
    }
    // A result without rows.
    return (record["results"] ?? record["Results"])?.isKind(.array) == true
      && (record["statistics"] ?? record["Statistics"]) != nil
  }
}
