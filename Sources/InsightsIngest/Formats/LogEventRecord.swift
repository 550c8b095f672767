internal import InsightsText

/// An event as the CloudWatch Logs API writes it:
/// `{"logStreamName", "timestamp", "message", "ingestionTime", "eventId"}`.
///
/// `StartLiveTail` adds the `logGroupIdentifier`.
enum LogEventRecord {
  /// The members that such an object may have; with others it is an application's own.
  private static let keys: [StaticString] = [
    "logStreamName", "timestamp", "message", "ingestionTime", "eventId", "logGroupIdentifier",
    "logGroupName", "id", "extractedFields",
  ]

  /// Whether an object is such an event; of one that is cut what there is decides.
  static func isEvent(_ record: JSONRecord) -> Bool {
    var members = record.members
    var hasMessage = false
    var hasTime = false
    while let member = members.next() {
      let isKnown = keys.contains {
        $0.utf8CodeUnitCount == member.key.count && record.text.holds($0, at: member.key.lowerBound)
      }
      guard isKnown else { return false }
      if member.key.count == 7, record.text.holds("message", at: member.key.lowerBound) {
        hasMessage = member.value.kind == .string
      }
      if member.key.count == 9, record.text.holds("timestamp", at: member.key.lowerBound) {
        hasTime = true
      }
    }
    return hasMessage && hasTime
  }

  /// Appends the event; an object without a message is none.
  static func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    let window = record.text
    var event = LogEventBatch.Event(message: 0..<0)
    var stream: UnsafeBufferPointer<UInt8>?
    var place: LogGroupName?
    var hasMessage = false
    var members = record.members
    while let member = members.next() {
      let key = UnsafeBufferPointer(rebasing: window[member.key])
      let value = JSONRecord(text: window, value: member.value)
      switch (key.count, member.value.kind) {
      case (7, .string) where key.holds("message", at: 0):
        event.message = value.appendText(to: &batch)
        hasMessage = true
      case (7, .string) where key.holds("eventId", at: 0):
        event.eventID = value.appendText(to: &batch)
      case (9, .number) where key.holds("timestamp", at: 0):
        event.timestamp = value.epochMilliseconds
      case (9, .string) where key.holds("timestamp", at: 0):
        event.timestamp = value.timestamp
      case (13, .number) where key.holds("ingestionTime", at: 0):
        event.ingestionTime = value.epochMilliseconds
      case (13, .string) where key.holds("logStreamName", at: 0):
        stream = value.name
      case (18, .string) where key.holds("logGroupIdentifier", at: 0):
        place = value.name.map(LogGroupName.init)
      case (12, .string) where key.holds("logGroupName", at: 0):
        place = value.name.map(LogGroupName.init)
      default: break
      }
    }
    guard hasMessage else { return }
    if stream != nil || place != nil {
      event.stream = batch.stream(account: place?.account, group: place?.group, name: stream)
    }
    batch.append(event)
  }
}
