internal import InsightsText

/// Replies of `filter-log-events` and `get-log-events`: objects with an array `events`.
///
/// Several replies may follow each other, as `--no-paginate` and `cat` leave them.
struct FilterLogEventsFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "filter-log-events",
    summary: "JSON of `aws logs filter-log-events` and `aws logs get-log-events`",
    sample: """
      {"events": [{"logStreamName": "2026/03/04/[$LATEST]0c4e", "timestamp": 1772618400000,
        "message": "cache warm\\n", "ingestionTime": 1772618401250, "eventId": "3912"}],
       "searchedLogStreams": []}
      """)

  static let recordPaths: [[StaticString]] = [["events"]]

  var walk = JSONRecordWalk(paths: recordPaths)

  init() {}

  static func recognizes(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let brace = head.firstOffset(of: UInt8(ascii: "{")),
      head[..<brace].allSatisfy({ $0 <= 0x20 || $0 == UInt8(ascii: "[") })
    else { return false }
    var members = JSONMembers(of: head, objectAt: brace)
    while let member = members.next() {
      if head.holds("events", at: member.key.lowerBound), member.key.count == 6 {
        return isListOfEvents(member.value, in: head)
      }
    }
    // The array goes on beyond the head, so that it is no whole member.
    guard let key = head.firstOffset(of: "\"events\"", from: brace) else { return false }
    var index = key + 8
    while index < head.count, head[index] <= 0x20 || head[index] == UInt8(ascii: ":") { index += 1 }
    guard index < head.count, head[index] == UInt8(ascii: "[") else { return false }
    let rest = JSONScanner.Value(kind: .array, range: index..<head.count)
    return isListOfEvents(rest, in: head)
  }

  /// Whether an array is empty or its first element has a message; others call lists so as well.
  private static func isListOfEvents(
    _ array: JSONScanner.Value, in head: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard array.kind == .array else { return false }
    var elements = JSONElements(of: head, arrayAt: array.range.lowerBound)
    guard let first = elements.next() else { return true }
    let event = JSONRecord(text: head, value: first)
    return event["message"]?.isKind(.string) == true && event["timestamp"] != nil
  }

  static func recognizes(_ record: JSONRecord) -> Bool { LogEventRecord.isEvent(record) }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    LogEventRecord.append(record, to: &batch)
  }
}
