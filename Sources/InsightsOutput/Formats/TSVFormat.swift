internal import InsightsModel
internal import InsightsText

/// `tsv`: tab-separated values with a header row, one row per line, for `cut`, `awk` and `sort`.
///
/// A tab, line feed, carriage return or backslash within a value is written `\t`, `\n`, `\r` or
/// `\\`, so that every tab separates fields and every line feed rows. A missing value is an empty
/// field.
struct TSVFormat: RowFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "tsv", summary: "tab-separated values with a header row")

  init(terminal: Terminal, timeZone: TimeZone) {}

  static let mayEndEarly = true

  func rowWriter(for columns: [ResultColumn]) -> any RowWriter { Writer(columns: columns) }

  private struct Writer: RowWriter {
    let columns: [ResultColumn]

    func appendHead(to bytes: inout [UInt8]) {
      appendLine(to: &bytes) { $0.append(contentsOf: columns[$1].name.utf8) }
    }

    func append(_ row: [Value], number: Int, to bytes: inout [UInt8]) {
      appendLine(to: &bytes) { bytes, index in
        if index < row.count { columns[index].appendText(of: row[index], to: &bytes) }
      }
    }

    private func appendLine(
      to bytes: inout [UInt8], _ appendField: (inout [UInt8], Int) -> Void
    ) {
      guard !columns.isEmpty else { return }
      for index in columns.indices {
        if index > 0 { bytes.append(UInt8(ascii: "\t")) }
        let start = bytes.count
        appendField(&bytes, index)
        TSVFormat.escape(from: start, in: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  /// Escapes the last field in `bytes`, from `start`.
  fileprivate static func escape(from start: Int, in bytes: inout [UInt8]) {
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

  /// Returns the letter after the backslash for a byte that must be escaped; otherwise `nil`.
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
