internal import InsightsText

/// A row of a Logs Insights result on its way to an event: the fields that tell of one.
struct InsightsRow {
  private var event = LogEventBatch.Event(message: 0..<0)
  private var hasMessage = false
  private var log: UnsafeBufferPointer<UInt8>?
  private var stream: UnsafeBufferPointer<UInt8>?

  /// Takes in a field of the row.
  mutating func set(
    _ field: UnsafeBufferPointer<UInt8>, to value: JSONRecord, in batch: inout LogEventBatch
  ) {
    switch field.count {
    case 10 where field.holds("@timestamp", at: 0): event.timestamp = value.timestamp
    case 14 where field.holds("@ingestionTime", at: 0): event.ingestionTime = value.timestamp
    case 8 where field.holds("@message", at: 0):
      event.message = value.appendText(to: &batch)
      hasMessage = true
    case 8 where field.holds("@eventId", at: 0) && value.isKind(.string):
      event.eventID = value.appendText(to: &batch)
    case 4 where field.holds("@log", at: 0): log = value.name
    case 10 where field.holds("@logStream", at: 0): stream = value.name
    default: break
    }
  }

  /// Appends the event; false where the row has no message, as that of a `stats`.
  func append(to batch: inout LogEventBatch) -> Bool {
    guard hasMessage else { return false }
    var event = event
    if log != nil || stream != nil {
      let place = log.map(LogGroupName.init)
      event.stream = batch.stream(account: place?.account, group: place?.group, name: stream)
    }
    batch.append(event)
    return true
  }

  /// What is said of rows that are no events.
  static let remark = "rows without @message are no log events"
}
