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

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    guard record.isKind(.array), list == nil || list == "" else { return false }
    var parts = EventParts()
    parts.takePositions(of: record)
    return parts.message != nil
  }
}
