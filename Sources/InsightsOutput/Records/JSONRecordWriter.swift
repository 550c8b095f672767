internal import InsightsText

/// Writes records as JSON objects, one per line, like the format `ndjson`.
public struct JSONRecordWriter: RecordWriter {
  /// `"name": ` for each field.
  private let keys: [[UInt8]]

  public init(fields: [String]) {
    keys = fields.map { field in
      var key: [UInt8] = []
      JSONWriter.append(string: field, to: &key)
      key.append(contentsOf: ": ".utf8)
      return key
    }
  }

  public func appendHead(to output: inout OutputBuffer) {}

  public func append(_ record: [RecordField], to output: inout OutputBuffer) {
    output.bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for (key, field) in zip(keys, record) {
      if case .missing = field { continue }
      if !isFirst { output.bytes.append(contentsOf: ", ".utf8) }
      isFirst = false
      output.bytes.append(contentsOf: key)
      switch field {
      case .missing: break
      case .time(let milliseconds):
        output.bytes.append(UInt8(ascii: "\""))
        Timestamp.append(milliseconds, to: &output.bytes)
        output.bytes.append(UInt8(ascii: "\""))
      case .text(let text): JSONWriter.append(string: text, to: &output.bytes)
      }
    }
    output.bytes.append(contentsOf: "}\n".utf8)
  }
}
