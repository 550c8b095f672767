internal import InsightsModel
internal import InsightsText

/// `table`: aligned columns, for reading.
///
/// On a terminal a row is one line, and long text is truncated with `…`. There, a table is written
/// as records, one value per line, if it has too many columns, or a column in which most texts have
/// several lines, such as tracebacks. Elsewhere a row is always one line, and nothing is truncated.
/// A terminal also shows `(no rows)`. A pipe gets only the two header lines, so that `tail -n +3`
/// always returns the rows.
struct TableFormat: ResultCollectionFormatter, SpoolingFormatter {
  static let descriptor = OutputFormatDescriptor(
    name: "table", summary: "aligned columns, for reading")

  private let terminal: Terminal
  private let timeZone: TimeZone

  init(terminal: Terminal, timeZone: TimeZone = .utc) {
    self.terminal = terminal
    self.timeZone = timeZone
  }

  func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    guard !table.columns.isEmpty else { return }
    let cells = TableCells(table, timeZone: timeZone)
    guard let widths = widths(of: cells) else {
      return try writeRecords(of: table, cells: cells, to: &output)
    }
    appendHead(of: cells, widths: widths, to: &output)
    try appendRows(of: cells, widths: widths, to: &output)
    appendEnd(rowCount: table.rows.count, to: &output)
  }

  /// Appends `(no rows)` on a terminal if there are none.
  func appendEnd(rowCount: Int, to output: inout OutputBuffer) {
    if rowCount == 0, terminal.columnCount != nil { appendNoRows(to: &output) }
  }

  /// Writes each table below its name; a table without rows becomes `(no rows)`.
  func write(_ results: [NamedResult], to output: inout OutputBuffer) throws(OutputError) {
    for (index, result) in results.enumerated() {
      if index > 0 { output.append("\n") }
      appendHeading(of: result, to: &output)
      if result.table.rows.isEmpty {
        appendNoRows(to: &output)
      } else {
        try write(result.table, to: &output)
      }
    }
  }

  /// Writes the name and the description of a result.
  func appendHeading(of result: NamedResult, to output: inout OutputBuffer) {
    appendStyled(.bold, result.name, to: &output)
    if let title = result.title { output.append("  \(title)") }
    output.append("\n")
  }

  func spool(for columns: [ResultColumn], in folder: String) -> any RowSpool {
    TableSpool(self, timeZone: timeZone, columns: columns, folder: folder)
  }

  // MARK: Rows

  private static let ruleLimit = 80

  /// Returns the widths of the columns if a row is one line; `nil` if rows are written as records.
  func widths(of cells: TableCells) -> [Int]? {
    guard let columnCount = terminal.columnCount else { return cells.columns.map(\.width) }
    guard !cells.columns.contains(where: \.isMultiline) else { return nil }
    return ColumnWidths.fitting(cells.columns, into: columnCount)
  }

  /// Writes the names of the columns and a line below them.
  func appendHead(of cells: TableCells, widths: [Int], to output: inout OutputBuffer) {
    appendLine(of: cells.header, style: .bold, widths: widths, cells: cells, to: &output)
    for (index, width) in widths.enumerated() {
      if index > 0 { append(blanks: ColumnWidths.gap, to: &output) }
      // The rule below a column of whole messages is shortened to one line.
      let ruleWidth = min(width, Self.ruleLimit)
      appendStyled(.dim, String(repeating: "─", count: ruleWidth), to: &output)
      if index + 1 < widths.count { append(blanks: width - ruleWidth, to: &output) }
    }
    output.append("\n")
  }

  /// Writes the rows of `cells`, one per line.
  func appendRows(
    of cells: TableCells, widths: [Int], to output: inout OutputBuffer
  ) throws(OutputError) {
    for row in cells.rows {
      appendLine(of: row, style: nil, widths: widths, cells: cells, to: &output)
      try output.flushIfFull()
    }
  }

  private func appendLine(
    of row: [TableCells.Cell], style: Style?, widths: [Int], cells: TableCells,
    to output: inout OutputBuffer
  ) {
    // Spaces are written only before the next text, so that no line ends in spaces.
    var pendingBlanks = 0
    for (index, cell) in row.enumerated() {
      if index > 0 { pendingBlanks += ColumnWidths.gap }
      let padding = max(0, widths[index] - cell.width)
      if cell.bytes.isEmpty {
        pendingBlanks += padding
        continue
      }
      let isRightAligned = cells.columns[index].isRightAligned
      append(blanks: pendingBlanks + (isRightAligned ? padding : 0), to: &output)
      append(cell, of: cells, cutTo: widths[index], style: style, to: &output)
      pendingBlanks = isRightAligned ? 0 : padding
    }
    output.append("\n")
  }

  // MARK: Records

  /// Writes each row as a list of names and values, after `rowCount` rows that have been written.
  ///
  /// Values with several lines are complete if `table` is given; otherwise they are one line.
  func writeRecords(
    of table: ResultTable?, cells: TableCells, after rowCount: Int = 0,
    to output: inout OutputBuffer
  ) throws(OutputError) {
    let nameWidth = cells.header.map(\.width).max() ?? 0
    let columnCount = terminal.columnCount ?? .max
    let valueWidth = max(12, columnCount - nameWidth - ColumnWidths.gap)
    for (number, row) in cells.rows.enumerated() {
      if number + rowCount > 0 { output.append("\n") }
      for (index, cell) in row.enumerated() where !cell.bytes.isEmpty {
        let name = cells.header[index]
        append(name, of: cells, cutTo: nameWidth, style: .bold, to: &output)
        append(blanks: nameWidth - name.width + ColumnWidths.gap, to: &output)
        if case .text(let text)? = table?.rows[number][index], PrintableText.isMultiline(text) {
          let indentation = nameWidth + ColumnWidths.gap
          appendLines(of: text, indentation: indentation, cutTo: valueWidth, to: &output)
        } else {
          append(cell, of: cells, cutTo: valueWidth, style: nil, to: &output)
          output.append("\n")
        }
      }
      try output.flushIfFull()
    }
    if table?.rows.isEmpty == true { appendNoRows(to: &output) }
  }

  /// Writes a text line by line; the first line continues the current one.
  private func appendLines(
    of text: String, indentation: Int, cutTo width: Int, to output: inout OutputBuffer
  ) {
    for (number, line) in PrintableText.lines(of: text).enumerated() {
      if number > 0, !line.isEmpty { append(blanks: indentation, to: &output) }
      output.append(DisplayWidth.truncate(line, to: width))
      output.append("\n")
    }
  }

  // MARK: Cells

  private enum Style: String {
    case bold = "\u{1B}[1m"
    case dim = "\u{1B}[2m"
  }

  private func append(
    _ cell: TableCells.Cell, of cells: TableCells, cutTo width: Int, style: Style?,
    to output: inout OutputBuffer
  ) {
    if let style, terminal.usesColor { output.append(style.rawValue) }
    if cell.width <= width {
      output.bytes.append(contentsOf: cells.bytes[cell.bytes])
    } else if cells.keepsItsEnd(cell), width > 0 {
      output.append("…")
      output.bytes.append(contentsOf: cells.bytes[cell.bytes].suffix(width - 1))
    } else {
      output.append(DisplayWidth.truncate(cells.text(cell.bytes), to: width))
    }
    if style != nil, terminal.usesColor { output.append("\u{1B}[0m") }
  }

  private func appendStyled(_ style: Style, _ text: String, to output: inout OutputBuffer) {
    output.append(terminal.usesColor ? "\(style.rawValue)\(text)\u{1B}[0m" : text)
  }

  func appendNoRows(to output: inout OutputBuffer) {
    appendStyled(.dim, "(no rows)", to: &output)
    output.append("\n")
  }

  private func append(blanks count: Int, to output: inout OutputBuffer) {
    output.bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
  }
}
