internal import InsightsText

/// `--query 'events[*].[timestamp,message]' --output json`: arrays of a time and a message.
struct QueryJSONFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "timestamp-message-json",
    summary: "arrays of time and message: `--query 'events[*].[timestamp,message]'`",
    sample: """
      [
        [1772618400000, "cache warm\\n"],
        [1772618400004, "done\\n"]
      ]
      """)

  var walk = JSONRecordWalk(paths: [])

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    var elements = record.elements
    guard record.isKind(.array), let first = elements.next(), let second = elements.next(),
      elements.next() == nil
    else { return false }
    return JSONRecord(text: record.text, value: first).timestamp != nil && second.kind == .string
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    var elements = record.elements
    guard let first = elements.next(), let second = elements.next(), second.kind == .string else {
      return
    }
    let time = JSONRecord(text: record.text, value: first).timestamp
    let message = JSONRecord(text: record.text, value: second).appendText(to: &batch)
    batch.append(LogEventBatch.Event(timestamp: time, message: message))
  }
}
