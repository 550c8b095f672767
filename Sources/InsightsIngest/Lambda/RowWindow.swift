/// The rows of a stream that later lines may still change, under the indexes that they have in the whole stream.
///
/// Rows at the front leave it once they are settled, so that a stream of any length takes bounded
/// memory.
struct RowWindow<Row> {
  private var rows: [Row] = []
  /// The index of the first row that is still here.
  private(set) var startIndex = 0

  /// The index that the next row gets.
  var endIndex: Int { startIndex + rows.count }

  var count: Int { rows.count }

  subscript(index: Int) -> Row {
    get { rows[index - startIndex] }
    set { rows[index - startIndex] = newValue }
  }

  mutating func append(_ row: Row) {
    rows.append(row)
  }

  /// Takes out the rows before an index.
  mutating func removeRows(before index: Int) -> [Row] {
    let count = min(max(0, index - startIndex), rows.count)
    let removed = Array(rows[..<count])
    rows.removeFirst(count)
    startIndex += count
    return removed
  }
}
