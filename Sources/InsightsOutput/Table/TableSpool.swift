internal import InsightsModel
internal import InsightsText

/// Buffers the rows of a `table`, since the widths of columns depend on all rows.
///
/// The widths are kept in memory; the text is in an `OutputSpool`.
final class TableSpool: RowSpool {
  /// The size in bytes from which on text is moved to the spool.
  private static let pieceByteCount = 256 << 10

  private let format: TableFormat
  private let columns: [ResultColumn]
  private var cells: TableCells
  private let spool: OutputSpool
  private var rowCount = 0

  init(_ format: TableFormat, timeZone: TimeZone, columns: [ResultColumn], folder: String) {
    self.format = format
    self.columns = columns
    cells = TableCells(ResultTable(columns: columns), timeZone: timeZone)
    spool = OutputSpool(folder: folder)
  }

  func append(_ row: [Value]) throws(OutputError) {
    cells.append(row, of: columns)
    rowCount += 1
    if cells.bytes.count >= Self.pieceByteCount { try putAway() }
  }

  private func putAway() throws(OutputError) {
    let taken = cells.takeRows()
    try spool.append { $0 += taken }
  }

  func write(to output: inout OutputBuffer) throws(OutputError) {
    guard !columns.isEmpty else { return }
    try putAway()
    cells.finishColumns(columns)
    let widths = format.widths(of: cells)
    if let widths { format.appendHead(of: cells, widths: widths, to: &output) }
    var writtenCount = 0
    var rest: [UInt8] = []
    try spool.forEachPiece { piece throws(OutputError) in
      rest += piece
      var start = 0
      while let byteCount = cells.putRows(rest[start...]) {
        start += byteCount
        if let widths {
          try format.appendRows(of: cells, widths: widths, to: &output)
        } else {
          try format.writeRecords(of: nil, cells: cells, after: writtenCount, to: &output)
        }
        writtenCount += cells.rows.count
      }
      rest.removeSubrange(..<start)
      return true
    }
    if widths == nil, rowCount == 0 { format.appendNoRows(to: &output) }
    if widths != nil { format.appendEnd(rowCount: rowCount, to: &output) }
  }
}
