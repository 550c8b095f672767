internal import InsightsText

/// Replies of `filter-log-events` and `get-log-events`: objects with an array `events`.
///
/// Several replies may follow each other, as after `--no-paginate` and `cat`.
struct FilterLogEventsFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "filter-log-events",
    summary: "JSON of `aws logs filter-log-events` and `aws logs get-log-events`",
    sample: """
      {"events": [{"logStreamName": "2026/03/04/[$LATEST]0c4e", "timestamp": 1772618400000,
        "message": "cache warm\\n", "ingestionTime": 1772618401250, "eventId": "3912"}],
       "searchedLogStreams": []}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    if list == "events" { return record.isKind(.object) }
    // A reply without events.
    guard list == nil, let events = record["events"] ?? record["Events"], events.isKind(.array)
    else {
      return false
    }
    var elements = events.elements
    return elements.next() == nil
  }
}
