/// Puts rows of a scan together, value by value, for scanners outside this module.
///
/// Values are added row by row, in the order of the columns.
public final class RowBatchBuilder {
  private let arena = TextArena()
  private var columns: [[Cell]]
  private var next = 0
  /// Bytes of the texts so far.
  public var byteCount: Int { arena.byteCount }

  public init(columnCount: Int) {
    columns = Array(repeating: [], count: columnCount)
  }

  /// How many rows are whole.
  public private(set) var rowCount = 0

  /// The rows as a batch; nothing may be added any more.
  ///
  /// A scan without columns only says how many rows there are.
  public func batch() -> RowBatch {
    RowBatch(count: rowCount, vectors: columns.map { .cells($0) }, owner: arena)
  }

  /// Adds a row that has no columns.
  public func appendEmptyRow() { rowCount += 1 }

  /// Adds a missing value.
  public func appendMissing() { append(.null) }

  public func append(_ integer: Int64) { append(Cell(integer)) }

  /// Adds a real number; NaN is missing.
  public func append(_ real: Double) { append(Cell(real)) }

  /// Adds a text, of which a copy is kept.
  public func append(_ text: UnsafeBufferPointer<UInt8>) { append(arena.cell(copying: text)) }

  /// Adds the number that a text of JSON is, with the kind that it has there; text that is no number stays text.
  public func append(numberWritten text: UnsafeBufferPointer<UInt8>) {
    append(Cell(numberWritten: arena.cell(copying: text).text))
  }

  private func append(_ cell: Cell) {
    columns[next].append(cell)
    next += 1
    if next == columns.count {
      next = 0
      rowCount += 1
    }
  }
}
