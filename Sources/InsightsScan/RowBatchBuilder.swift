/// Builds rows of a scan, value by value, for scanners outside this module.
///
/// Values are added row by row, in the order of the columns.
public final class RowBatchBuilder {
  private let arena = TextArena()
  private var columns: [[Cell]]
  private var next = 0
  /// The size of the texts so far, in bytes.
  public var byteCount: Int { arena.byteCount }

  /// Makes an empty builder.
  public init(columnCount: Int) {
    columns = Array(repeating: [], count: columnCount)
  }

  /// The number of complete rows.
  public private(set) var rowCount = 0

  /// Returns the rows as a batch; nothing may be added afterwards.
  ///
  /// A scan without columns has only a number of rows.
  public func batch() -> RowBatch {
    RowBatch(count: rowCount, vectors: columns.map { .cells($0) }, owner: arena)
  }

  /// Adds a row without columns.
  public func appendEmptyRow() { rowCount += 1 }

  /// Adds a missing value.
  public func appendMissing() { append(.null) }

  /// Adds an integer.
  public func append(_ integer: Int64) { append(Cell(integer)) }

  /// Adds a real number; NaN is missing.
  public func append(_ real: Double) { append(Cell(real)) }

  /// Adds a copy of a text.
  public func append(_ text: UnsafeBufferPointer<UInt8>) { append(arena.cell(copying: text)) }

  /// Adds the number in a JSON text, with its kind there; text that is not a number is added as
  /// text.
  public func append(numberWritten text: UnsafeBufferPointer<UInt8>) {
    append(Cell(numberWritten: arena.cell(copying: text).text))
  }

  /// Adds a value whose text, if it has one, lives as long as the batch.
  package func append(_ cell: Cell) {
    columns[next].append(cell)
    next += 1
    if next == columns.count {
      next = 0
      rowCount += 1
    }
  }
}
