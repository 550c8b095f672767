internal import InsightsModel
internal import InsightsStore

/// A row of a result whose values are read by the names of their columns.
struct ResultRow {
  private let columns: [String: Int]
  private let values: [Value]

  /// The rows of `table`, in its order.
  static func rows(of table: ResultTable) -> [ResultRow] {
    let columns = Dictionary(
      table.columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return table.rows.map { ResultRow(columns: columns, values: $0) }
  }

  private init(columns: [String: Int], values: [Value]) {
    self.columns = columns
    self.values = values
  }

  /// The row that a statement is at, whose columns have these names.
  init(_ statement: Statement, columns: [String]) {
    self.columns = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    values = columns.indices.map { statement.value(at: $0) }
  }

  /// The value of a column; missing when the table has none of this name.
  private subscript(_ name: String) -> Value {
    guard let index = columns[name], index < values.count else { return .null }
    return values[index]
  }

  /// The value as text, also of a number; `nil` when it is missing or empty.
  func text(_ name: String) -> String? {
    switch self[name] {
    case .null: nil
    case .text(let text), .wide(let text): text.isEmpty ? nil : text
    case .integer(let number): String(number)
    case .real(let number): String(number)
    }
  }

  /// The value as a whole number, also of numeric text; `nil` when it is none.
  func integer(_ name: String) -> Int64? {
    switch self[name] {
    case .null: nil
    case .integer(let number): number
    case .real(let number): Int64(exactly: number.rounded(.down))
    case .text(let text), .wide(let text): Int64(text)
    }
  }

  /// A time in epoch milliseconds; `nil` when it is missing, or so far away that sums would overflow.
  func time(_ name: String) -> Int64? {
    guard let time = integer(name), time.magnitude < 1_000_000_000_000_000 else { return nil }
    return time
  }

  /// The value as a number, also of numeric text; `nil` when it is none.
  func number(_ name: String) -> Double? {
    switch self[name] {
    case .null: nil
    case .integer(let number): Double(number)
    case .real(let number): number
    case .text(let text), .wide(let text): Double(text)
    }
  }

  /// Whether the value is a number other than 0.
  func isTrue(_ name: String) -> Bool { number(name) ?? 0 != 0 }
}
