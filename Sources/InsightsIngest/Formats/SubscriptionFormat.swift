internal import InsightsText

/// What a subscription filter delivers: documents of one stream's events each.
///
/// They come decoded (as Firehose writes them to S3, back to back), as the event that a Lambda
/// function receives (`awslogs.data`), or as records of Kinesis (`Data`), the latter two in base64
/// and gzip. Control messages are no events.
struct SubscriptionFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "subscription",
    summary: "subscription filter documents: decoded, as a Lambda event, from Firehose or Kinesis",
    sample: """
      {"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/orders",\
      "logStream":"2026/03/04/[$LATEST]0c4e","subscriptionFilters":["all"],\
      "logEvents":[{"id":"3912","timestamp":1772618400000,"message":"cache warm\\n"}]}
      """)

  /// `get-records`, and the events of Kinesis and Firehose as a Lambda function receives them.
  static let recordPaths: [[StaticString]] = [["Records"], ["records"]]

  /// Where a record may have its data, from the outside.
  private static let dataPaths: [[StaticString]] = [
    ["awslogs", "data"], ["Data"], ["data"], ["kinesis", "data"],
  ]

  var walk = JSONRecordWalk(paths: recordPaths)

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    if record["messageType"] != nil || record["subscriptionFilters"] != nil { return true }
    if record["logGroup"] != nil, record["owner"] != nil { return true }
    // Base64 of the two bytes that gzip begins with, and its method.
    return data(of: record)?.bytes.holds("H4sI", at: 0) == true
  }

  /// The string with the data of a record.
  private static func data(of record: JSONRecord) -> JSONRecord? {
    for path in dataPaths {
      var value: JSONRecord? = record
      for key in path { value = value?[key] }
      if let value, value.isKind(.string) { return value }
    }
    return nil
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    if let events = record["logEvents"] {
      append(events, of: record, to: &batch)
    } else if let data = Self.data(of: record) {
      appendData(data, to: &batch)
    } else if record["messageType"] == nil {
      batch.remark(.lossy, at: record.value.range.lowerBound, "a record without log events")
    }
  }

  mutating func salvage(_ record: JSONRecord, to batch: inout LogEventBatch) -> Bool {
    guard let key = record.bytes.firstOffset(of: "\"logEvents\"") else { return false }
    var start = record.value.range.lowerBound + key + 11
    while start < record.text.count,
      record.text[start] <= 0x20 || record.text[start] == UInt8(ascii: ":")
    {
      start += 1
    }
    let array = JSONScanner.Value(kind: .array, range: start..<max(start, record.text.count))
    append(JSONRecord(text: record.text, value: array), of: record, to: &batch)
    return true
  }

  private func append(
    _ events: JSONRecord, of document: JSONRecord, to batch: inout LogEventBatch
  ) {
    if document["messageType"]?.bytes.holds("CONTROL_MESSAGE", at: 0) == true { return }
    let stream = batch.stream(
      account: document["owner"]?.name, group: document["logGroup"]?.name,
      name: document["logStream"]?.name)
    var elements = events.elements
    while let element = elements.next() {
      let record = JSONRecord(text: document.text, value: element)
      guard let message = record["message"], message.isKind(.string) else { continue }
      var event = LogEventBatch.Event(
        timestamp: record["timestamp"]?.timestamp, stream: stream,
        message: message.appendText(to: &batch))
      if let id = record["id"], id.isKind(.string) { event.eventID = id.appendText(to: &batch) }
      batch.append(event)
    }
  }

  /// Appends the events of documents in base64, which may be compressed.
  private func appendData(_ data: JSONRecord, to batch: inout LogEventBatch) {
    let offset = data.value.range.lowerBound
    guard let encoded = Base64.decode(data.bytes) else {
      batch.remark(.lossy, at: offset, "data that is no base64 is left out")
      return
    }
    let (text, damage) = InflatedData.text(of: encoded)
    if let damage { batch.remark(.lossy, at: offset, damage.message) }
    text.withUnsafeBufferPointer { text in
      var walk = JSONRecordWalk(paths: [])
      var index = 0
      while case .record(let value) = walk.next(in: text, from: &index) {
        let document = JSONRecord(text: text, value: value)
        guard let events = document["logEvents"] else { continue }
        append(events, of: document, to: &batch)
      }
      if index < text.count {
        batch.remark(.lossy, at: offset, "data that is no log document is left out")
      }
    }
  }
}
