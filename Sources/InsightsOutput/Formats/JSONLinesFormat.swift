internal import InsightsModel
internal import InsightsText

/// `ndjson`: the objects of `json`, one per line.
struct JSONLinesFormat: RowFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "ndjson", summary: "one JSON object a line")

  init(terminal: Terminal, timeZone: TimeZone) {}

  static let mayEndEarly = true

  func rowWriter(for columns: [ResultColumn]) -> any RowWriter {
    Writer(objects: JSONRowWriter(columns: columns))
  }

  private struct Writer: RowWriter {
    let objects: JSONRowWriter

    func append(_ row: [Value], number: Int, to bytes: inout [UInt8]) {
      objects.append(row, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
  }
}
