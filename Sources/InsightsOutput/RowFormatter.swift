public import InsightsModel

/// A formatter that receives the rows of a result one by one, and buffers them on disk until all
/// have arrived.
public protocol SpoolingFormatter: ResultFormatter {
  /// Returns a spool for the rows of one result; beyond some megabytes they are in a temporary file
  /// in `folder`.
  func spool(for columns: [ResultColumn], in folder: String) -> any RowSpool
}

/// Buffers the rows of one result until all have arrived.
public protocol RowSpool: AnyObject {
  /// Adds a row.
  ///
  /// - Throws: `OutputError` if a temporary file cannot be written.
  func append(_ row: [Value]) throws(OutputError)

  /// Writes the result, after all rows were added.
  ///
  /// - Throws: `OutputError` if the temporary file cannot be read, or the output cannot be written.
  func write(to output: inout OutputBuffer) throws(OutputError)
}

/// A formatter whose format can be written row by row, without knowledge of later rows.
public protocol RowFormatter: SpoolingFormatter {
  /// Whether incomplete output is still useful.
  ///
  /// Formats whose output is a single document are written as a whole or not at all.
  static var mayEndEarly: Bool { get }

  /// Makes a writer for the rows of one result.
  func rowWriter(for columns: [ResultColumn]) -> any RowWriter
}

/// Writes the rows of one result: the head, then each row, then the end.
public protocol RowWriter {
  func appendHead(to bytes: inout [UInt8])
  /// Appends a row; `number` counts from 0.
  func append(_ row: [Value], number: Int, to bytes: inout [UInt8])
  func appendEnd(rowCount: Int, statistics: QueryStatistics?, to bytes: inout [UInt8])
}

extension RowWriter {
  public func appendHead(to bytes: inout [UInt8]) {}
  public func appendEnd(rowCount: Int, statistics: QueryStatistics?, to bytes: inout [UInt8]) {}
}

extension RowFormatter {
  public static var mayEndEarly: Bool { false }

  public func spool(for columns: [ResultColumn], in folder: String) -> any RowSpool {
    FormattedRows(rowWriter(for: columns), folder: folder)
  }

  public func write(_ table: ResultTable, to output: inout OutputBuffer) throws(OutputError) {
    try write(table, with: rowWriter(for: table.columns), to: &output)
  }

  func write(
    _ table: ResultTable, with writer: some RowWriter, to output: inout OutputBuffer
  ) throws(OutputError) {
    writer.appendHead(to: &output.bytes)
    for (number, row) in table.rows.enumerated() {
      writer.append(row, number: number, to: &output.bytes)
      try output.flushIfFull()
    }
    writer.appendEnd(
      rowCount: table.rows.count, statistics: table.statistics, to: &output.bytes)
  }
}

/// Formats rows when they arrive, and buffers the text.
private final class FormattedRows: RowSpool {
  private let writer: any RowWriter
  private let spool: OutputSpool
  private var rowCount = 0

  init(_ writer: any RowWriter, folder: String) {
    self.writer = writer
    spool = OutputSpool(folder: folder)
  }

  func append(_ row: [Value]) throws(OutputError) {
    try spool.append { bytes in
      if rowCount == 0 { writer.appendHead(to: &bytes) }
      writer.append(row, number: rowCount, to: &bytes)
    }
    rowCount += 1
  }

  func write(to output: inout OutputBuffer) throws(OutputError) {
    try spool.append { bytes in
      if rowCount == 0 { writer.appendHead(to: &bytes) }
      writer.appendEnd(rowCount: rowCount, statistics: nil, to: &bytes)
    }
    try spool.forEachPiece { piece throws(OutputError) in
      output.bytes += piece
      try output.flushIfFull()
      return true
    }
  }
}
