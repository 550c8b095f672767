internal import InsightsText

/// Documents that the CloudWatch subscription writes to OpenSearch.
///
/// They are hits (one per line, as dump tools write them, or in the reply of a search), the lines
/// of a bulk request, or bare documents.
struct OpenSearchFormat: JSONRecordFormat {
  static let descriptor = LogFormatDescriptor(
    name: "opensearch",
    summary: "OpenSearch documents of CloudWatch subscriptions: hits, search replies, bulk lines",
    sample: """
      {"_index":"cwl-2026.03.04","_id":"3912","_source":{"@id":"3912","@timestamp":\
      "2026-03-04T10:00:00.000Z","@message":"cache warm\\n","@owner":"123456789012",\
      "@log_group":"/aws/lambda/orders","@log_stream":"2026/03/04/[$LATEST]0c4e"}}
      """)

  var state = JSONRecordState()

  init() {}

  static func recognizes(_ record: JSONRecord, in list: String?) -> Bool {
    if record["index"]?.isKind(.object) == true || record["create"]?.isKind(.object) == true {
      return record.bytes.firstOffset(of: "\"_index\"") != nil
    }
    let source = record["_source"] ?? record
    return source["@message"] != nil
      && (source["@log_group"] != nil || source["@log_stream"] != nil || source["@id"] != nil)
  }
}
