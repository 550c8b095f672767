internal import InsightsModel
internal import InsightsText

/// `csv`: RFC 4180 with a header row, except that lines end in LF, as Unix tools expect.
///
/// A missing value is an empty field. A row whose only field is empty is written `""`, since readers
/// skip blank lines.
struct CSVFormat: RowFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "csv", summary: "comma-separated values with a header row")

  private let timeZone: TimeZone

  init(terminal: Terminal, timeZone: TimeZone) {
    self.timeZone = timeZone
  }

  static let mayEndEarly = true

  func rowWriter(for columns: [ResultColumn]) -> any RowWriter {
    Writer(columns: columns, timeZone: timeZone)
  }

  private struct Writer: RowWriter {
    let columns: [ResultColumn]
    let timeZone: TimeZone

    func appendHead(to bytes: inout [UInt8]) {
      guard !columns.isEmpty else { return }
      CSVFormat.appendRecord(columnCount: columns.count, to: &bytes) { index, bytes in
        bytes.append(contentsOf: columns[index].name.utf8)
      }
    }

    func append(_ row: [Value], number: Int, to bytes: inout [UInt8]) {
      guard !columns.isEmpty else { return }
      CSVFormat.appendRecord(columnCount: columns.count, to: &bytes) { index, bytes in
        if index < row.count {
          columns[index].appendText(of: row[index], in: timeZone, to: &bytes)
        }
      }
    }
  }

  /// Appends a record; `appendField` appends the raw text of a field.
  static func appendRecord(
    columnCount: Int, to bytes: inout [UInt8], appendField: (Int, inout [UInt8]) -> Void
  ) {
    let recordStart = bytes.count
    for index in 0..<columnCount {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      let fieldStart = bytes.count
      appendField(index, &bytes)
      quoteIfNeeded(from: fieldStart, in: &bytes)
    }
    if bytes.count == recordStart { bytes.append(contentsOf: "\"\"".utf8) }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Quotes the last field in `bytes`, from `start`, if it contains a separator, quote or line
  /// break.
  private static func quoteIfNeeded(from start: Int, in bytes: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    let needsQuotes = bytes[start...].contains { byte in
      byte == quote || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes else { return }
    let field = Array(bytes[start...])
    bytes.removeSubrange(start...)
    bytes.append(quote)
    for byte in field {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }
}
