internal import InsightsText

/// Documents that the CloudWatch subscription writes to OpenSearch.
///
/// They come as hits (one a line, as dump tools write them, or in the reply of a search), as the
/// lines of a bulk request, or bare.
struct OpenSearchFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "opensearch",
    summary: "OpenSearch documents of CloudWatch subscriptions: hits, search replies, bulk lines",
    sample: """
      {"_index":"cwl-2026.03.04","_id":"3912","_source":{"@id":"3912","@timestamp":\
      "2026-03-04T10:00:00.000Z","@message":"cache warm\\n","@owner":"123456789012",\
      "@log_group":"/aws/lambda/orders","@log_stream":"2026/03/04/[$LATEST]0c4e"}}
      """)

  static let recordPaths: [[StaticString]] = [["hits", "hits"]]

  var walk = JSONRecordWalk(paths: recordPaths)

  init() {}

  static func recognizes(_ record: JSONRecord) -> Bool {
    if isAction(record) { return record.bytes.firstOffset(of: "\"_index\"") != nil }
    let source = record["_source"] ?? record
    return source["@message"] != nil
      && (source["@log_group"] != nil || source["@log_stream"] != nil || source["@id"] != nil)
  }

  /// Whether a record is the line before a document in a bulk request.
  private static func isAction(_ record: JSONRecord) -> Bool {
    record["index"]?.isKind(.object) == true || record["create"]?.isKind(.object) == true
  }

  mutating func append(_ record: JSONRecord, to batch: inout LogEventBatch) {
    let source = record["_source"] ?? record
    guard let message = source["@message"] else {
      if !Self.isAction(record) {
        batch.remark(
          .lossy, at: record.value.range.lowerBound, "documents without @message are no log events")
      }
      return
    }
    var event = LogEventBatch.Event(
      timestamp: source["@timestamp"]?.timestamp, message: message.appendText(to: &batch))
    if let id = source["@id"], id.isKind(.string) { event.eventID = id.appendText(to: &batch) }
    let place = (account: source["@owner"]?.name, group: source["@log_group"]?.name)
    let stream = source["@log_stream"]?.name
    if place.account != nil || place.group != nil || stream != nil {
      event.stream = batch.stream(account: place.account, group: place.group, name: stream)
    }
    batch.append(event)
  }
}
