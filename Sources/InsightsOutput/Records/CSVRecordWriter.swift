internal import InsightsText

/// Writes records as CSV with a header, like the format `csv`.
public struct CSVRecordWriter: RecordWriter {
  private let fields: [String]

  public init(fields: [String]) {
    self.fields = fields
  }

  public func appendHead(to output: inout OutputBuffer) {
    CSVFormat.appendRecord(columnCount: fields.count, to: &output.bytes) { index, bytes in
      bytes.append(contentsOf: fields[index].utf8)
    }
  }

  public func append(_ record: [RecordField], to output: inout OutputBuffer) {
    CSVFormat.appendRecord(columnCount: record.count, to: &output.bytes) { index, bytes in
      switch record[index] {
      case .missing: break
      case .time(let milliseconds): Timestamp.append(milliseconds, to: &bytes)
      case .text(let text): bytes.append(contentsOf: text)
      }
    }
  }
}
