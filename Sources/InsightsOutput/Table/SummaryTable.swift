public import InsightsModel

/// A handful of named figures for people: one a line, `cold starts  12`.
public enum SummaryTable {
  /// Writes figures to `output` in the order given; missing ones are left out.
  ///
  /// Names are those that scripts know: `cold_starts` becomes `cold starts`, and what ends in `_ms` is
  /// shown as a time.
  ///
  /// - Throws: `OutputError` when the output cannot be written.
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
      of: table, cells: TableCells(table), columnCount: terminal.columnCount ?? .max, to: &output)
  }
}
