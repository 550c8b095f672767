public import InsightsModel

/// Writes a few named statistics for reading, one per line: `cold starts  12`.
public enum SummaryTable {
  /// Writes statistics to `output` in the order given; missing ones are omitted.
  ///
  /// Names are the identifiers for scripts: `cold_starts` is displayed as `cold starts`, and a
  /// value whose name ends in `_ms` as a duration.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  public static func write(
    _ figures: [(name: String, value: Value)], for terminal: Terminal, to output: inout OutputBuffer
  ) throws(OutputError) {
    var table = ResultTable(columns: [], rows: [[]])
    for (name, value) in figures {
      let isTime = name.hasSuffix("_ms")
      let words = (isTime ? name.dropLast(3) : name[...]).split(separator: "_")
      table.columns.append(
        ResultColumn(
          name: words.joined(separator: " "), type: isTime ? .timestamp : .any, isComputed: true))
      if case .integer(let number) = value, !isTime {
        table.rows[0].append(.text(number.grouped))
      } else {
        table.rows[0].append(value)
      }
    }
    try TableFormat(terminal: terminal).writeRecords(
      of: table, cells: TableCells(table), to: &output)
  }
}
