package import InsightsModel
package import InsightsSQLite
internal import InsightsStore

/// A row of a result, with values by column name.
package struct ResultRow {
  private let columns: [String: Int]
  private let values: [Value]

  /// Returns the rows of `table`, in order.
  package static func rows(of table: ResultTable) -> [ResultRow] {
    let columns = Dictionary(
      table.columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return table.rows.map { ResultRow(columns: columns, values: $0) }
  }

  private init(columns: [String: Int], values: [Value]) {
    self.columns = columns
    self.values = values
  }

  /// The current row of a statement, with these column names.
  package init(_ statement: Statement, columns: [String]) {
    self.columns = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    values = columns.indices.map { statement.value(at: $0) }
  }

  /// Returns the value of a column; missing if there is no such column.
  private subscript(_ name: String) -> Value {
    guard let index = columns[name], index < values.count else { return .null }
    return values[index]
  }

  /// Returns the value as text, even of a number; `nil` if it is missing or empty.
  package func text(_ name: String) -> String? {
    switch self[name] {
    case .null: nil
    case .text(let text), .wide(let text): text.isEmpty ? nil : text
    case .integer(let number): String(number)
    case .real(let number): String(number)
    }
  }

  /// Returns the value as an integer, even of numeric text; otherwise `nil`.
  package func integer(_ name: String) -> Int64? {
    switch self[name] {
    case .null: nil
    case .integer(let number): number
    case .real(let number): Int64(exactly: number.rounded(.down))
    case .text(let text), .wide(let text): Int64(text)
    }
  }

  /// Returns a time in epoch milliseconds; `nil` if it is missing, or so distant that sums would
  /// overflow.
  package func time(_ name: String) -> Int64? {
    guard let time = integer(name), time.magnitude < 1_000_000_000_000_000 else { return nil }
    return time
  }

  /// Returns the value as a number, even of numeric text; otherwise `nil`.
  package func number(_ name: String) -> Double? {
    switch self[name] {
    case .null: nil
    case .integer(let number): Double(number)
    case .real(let number): number
    case .text(let text), .wide(let text): Double(text)
    }
  }

  /// Whether the value is a nonzero number.
  package func isTrue(_ name: String) -> Bool { number(name) ?? 0 != 0 }
}
