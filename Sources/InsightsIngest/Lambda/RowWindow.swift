/// The rows of a stream that later lines may still change, by their index in the whole stream.
///
/// Rows are removed from the front once they are final, so that a stream of any length needs
/// bounded memory.
struct RowWindow<Row> {
  private var rows: [Row] = []
  /// The index of the first remaining row.
  private(set) var startIndex = 0

  /// The index of the next row.
  var endIndex: Int { startIndex + rows.count }

  var count: Int { rows.count }

  subscript(index: Int) -> Row {
    get { rows[index - startIndex] }
    set { rows[index - startIndex] = newValue }
  }

  mutating func append(_ row: Row) {
    rows.append(row)
  }

  /// Removes and returns the rows before an index.
  mutating func removeRows(before index: Int) -> [Row] {
    let count = min(max(0, index - startIndex), rows.count)
    let removed = Array(rows[..<count])
    rows.removeFirst(count)
    startIndex += count
    return removed
  }
}
