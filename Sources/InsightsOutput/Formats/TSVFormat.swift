internal import InsightsModel
internal import InsightsText

/// `tsv`: tab-separated values with a header row, a row a line, for `cut`, `awk` and `sort`.
///
/// A tab, line feed, carriage return or backslash within a value is written `\t`, `\n`, `\r` or `\\`,
/// so that every tab separates fields and every line feed rows. A missing value is an empty field.
struct TSVFormat: ResultFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "tsv", summary: "tab-separated values with a header row")

  init(terminal: Terminal, timeZone: TimeZone) {}

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    guard !table.columns.isEmpty else { return }
    for (index, column) in table.columns.enumerated() {
      if index > 0 { output.append("\t") }
      let start = output.bytes.count
      output.append(column.name)
      Self.escape(from: start, in: &output.bytes)
    }
    output.append("\n")
    for row in table.rows {
      for (index, column) in table.columns.enumerated() {
        if index > 0 { output.append("\t") }
        guard index < row.count else { continue }
        let start = output.bytes.count
        column.appendText(of: row[index], to: &output.bytes)
        Self.escape(from: start, in: &output.bytes)
      }
      output.append("\n")
      try output.flushIfFull()
    }
  }

  /// Escapes the field that `bytes` ends with.
  private static func escape(from start: Int, in bytes: inout [UInt8]) {
    guard let first = bytes[start...].firstIndex(where: { letter(for: $0) != nil }) else { return }
    let text = Array(bytes[first...])
    bytes.removeSubrange(first...)
    for byte in text {
      if let letter = letter(for: byte) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(letter)
      } else {
        bytes.append(byte)
      }
    }
  }

  /// What stands behind the backslash for a byte that cannot stand as it is.
  private static func letter(for byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    default: nil
    }
  }
}
