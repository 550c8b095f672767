internal import InsightsText

/// A table of log events in JSON: the names of its columns, and its cells by row or by column.
struct JSONTable {
  /// The names of the columns; `nil` for a column without a name.
  let names: [UnsafeBufferPointer<UInt8>?]
  private let cells: JSONRecord
  private let isByColumn: Bool

  /// Parses a table: a list of names, or of objects with names, and a list of lists of cells.
  ///
  /// `nil` if it lacks a column with a time or one with a message, or their cells.
  init?(columns: JSONRecord, cells: JSONRecord) {
    names = Self.elements(of: columns).map { ($0["name"] ?? $0).name }
    let parts = names.map { $0.flatMap(EventNames.meaning)?.part }
    guard let time = parts.firstIndex(of: .time),
      parts.contains(where: { $0 == .message || $0 == .rawMessage || $0 == .body })
    else { return nil }
    self.cells = cells
    var lists = cells.elements
    guard let first = lists.next() else { return nil }
    guard first.kind == .array else { return nil }
    // The lists are columns if there are as many as names, and one contains only times.
    let outer = Self.elements(of: cells)
    isByColumn =
      outer.count == names.count
      && Self.elements(of: outer[time]).allSatisfy { $0.timestamp != nil }
    guard isByColumn || Self.elements(of: outer[0]).count == names.count else { return nil }
  }

  /// Calls `body` with each row: its record (that of the table if cells are by column), and its
  /// cells.
  func forEachRow(_ body: (JSONRecord, [JSONRecord]) -> Void) {
    if isByColumn {
      let columns = Self.elements(of: cells).map(Self.elements)
      for row in 0..<(columns.map(\.count).min() ?? 0) { body(cells, columns.map { $0[row] }) }
    } else {
      var rows = cells.elements
      while let row = rows.next() {
        let record = JSONRecord(text: cells.text, value: row)
        body(record, Self.elements(of: record))
      }
    }
  }

  private static func elements(of list: JSONRecord) -> [JSONRecord] {
    var found: [JSONRecord] = []
    var elements = list.elements
    while let element = elements.next() {
      found.append(JSONRecord(text: list.text, value: element))
    }
    return found
  }
}
