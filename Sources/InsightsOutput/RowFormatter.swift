public import InsightsModel

/// A formatter that takes the rows of a result one by one, and keeps them out of memory until all are
/// there.
public protocol SpoolingFormatter: ResultFormatter {
  /// Makes what takes the rows of one result; beyond some megabytes they are in a file in `folder`.
  func spool(for columns: [ResultColumn], in folder: String) -> any RowSpool
}

/// The rows of one result on their way.
public protocol RowSpool: AnyObject {
  /// - Throws: `OutputError` when a temporary file cannot be written.
  func append(_ row: [Value]) throws(OutputError)

  /// Writes the result, once all rows are there.
  ///
  /// - Throws: `OutputError`.
  func write(to output: inout OutputBuffer) throws(OutputError)
}

/// A formatter whose format is written row by row, without a look at the rows that follow.
public protocol RowFormatter: SpoolingFormatter {
  /// Whether what has been written is of use also where the rest is missing.
  ///
  /// Formats that are one document are written whole or not at all.
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

/// Rows that are formatted as they come.
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
