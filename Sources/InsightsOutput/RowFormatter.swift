public import InsightsModel

/// A formatter whose format is written row by row, without a look at the rows that follow.
public protocol RowFormatter: ResultFormatter {
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
