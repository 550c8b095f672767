public import InsightsModel
public import InsightsText

/// Writes one event for reading: one field per line, nothing truncated.
public struct LogRecordText {
  private let terminal: Terminal
  private let timeZone: TimeZone

  /// Prepares a writer for output to `terminal`; on a terminal, control characters are made
  /// visible.
  public init(terminal: Terminal, timeZone: TimeZone = .utc) {
    self.terminal = terminal
    self.timeZone = timeZone
  }

  /// Writes the only row of `record`; further lines of a value are aligned below the first.
  public func write(_ record: ResultTable, to output: inout OutputBuffer) {
    let width = (record.columns.map { DisplayWidth.columns(of: $0.name) }.max() ?? 0) + 2
    for (column, value) in zip(record.columns, record.rows.first ?? []) {
      var bytes: [UInt8] = []
      column.appendText(of: value, in: timeZone, to: &bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      let isRaw = terminal.columnCount == nil
      var lines =
        isRaw
        ? text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        : PrintableText.lines(of: text)
      while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
      let name = isRaw ? column.name : PrintableText.line(of: column.name)
      let padding = String(
        repeating: " ", count: max(width - DisplayWidth.columns(of: column.name), 0))
      output.append(terminal.usesColor ? "\u{1B}[1m\(name)\u{1B}[0m" : name)
      output.append(padding)
      output.append(lines.joined(separator: "\n" + String(repeating: " ", count: width)) + "\n")
    }
  }
}
