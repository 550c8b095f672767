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

  static let recordPaths: [[StaticString]] = [["results"]]

  var walk = JSONRecordWalk(paths: recordPaths)

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let brace = head.firstOffset(of: UInt8(ascii: "{")),
      head[..<brace].allSatisfy({ $0 <= 0x20 })
    else { return false }
    var walk = JSONRecordWalk(paths: recordPaths)
    var index = 0
    switch walk.next(in: head, from: &index) {
    case .record(let value): return recognizes(JSONRecord(text: head, value: value))
    case .end:
      // A result without rows.
      return head.firstOffset(of: "\"results\"") != nil
        && head.firstOffset(of: "\"statistics\"") != nil
    case .incomplete, .invalid: return false
    }
  }

  static func recognizes(_ record: JSONRecord) -> Bool {
    var elements = record.elements
    guard let first = elements.next() else { return false }
    let field = JSONRecord(text: record.text, value: first)
    return field["field"] != nil && field["value"] != nil
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    var row = InsightsRow()
    var elements = record.elements
    while let element = elements.next() {
      let field = JSONRecord(text: record.text, value: element)
      if let name = field["field"]?.name, let value = field["value"] {
        row.set(name, to: value, in: &batch)
      }
    }
    if !row.append(to: &batch) {
      batch.remark(.lossy, at: record.value.range.lowerBound, InsightsRow.remark)
    }
  }
}
