internal import ArgumentParser
internal import InsightsModel
internal import InsightsText

/// Options that let a result determine the exit status.
struct ConditionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Exit with 1 when true: any, none, 'rows > 5', or what a row must meet: 'status >= 502 and count > 10'.",
      valueName: "condition"))
  var failIf: RowCondition?

  /// Returns the status of a run with these results.
  ///
  /// - Throws: `Failure` if the condition names a column that none of them has.
  func status(of tables: [ResultTable]) throws -> ExitStatus {
    guard let failIf else { return .success }
    try failIf.checkColumns(tables.flatMap(\.columns))
    return tables.contains { failIf.isTrue(of: $0) } ? .conditionMet : .success
  }
}

/// A condition on a result: on the number of its rows, or on the values of any of them.
///
/// It is `any`, `none`, or comparisons such as `rows > 5` and `status >= 502`, joined by `and`,
/// which binds more tightly, and `or`. A row without the value meets no comparison.
struct RowCondition: ExpressibleByArgument {
  private enum Operator: String {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "="
    case notEqual = "!="

    func holds<Operand: Comparable>(_ left: Operand, _ right: Operand) -> Bool {
      switch self {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      case .equal: left == right
      case .notEqual: left != right
      }
    }
  }

  private struct Comparison {
    /// The name of a column; `nil` for the number of rows.
    var column: String?
    var comparator: Operator
    var text: String
    /// The value as a number; `nil` if it is quoted or not a number.
    var number: Double?
  }

  /// The alternatives (`or`); all comparisons of one must hold (`and`).
  private let alternatives: [[Comparison]]

  init?(argument: String) {
    switch argument {
    case "any":
      alternatives = [[Comparison(column: nil, comparator: .greater, text: "0", number: 0)]]
    case "none":
      alternatives = [[Comparison(column: nil, comparator: .equal, text: "0", number: 0)]]
    default:
      guard let parsed = Self.alternatives(in: argument) else { return nil }
      alternatives = parsed
    }
  }

  /// The columns that the condition uses.
  var columnNames: [String] { alternatives.joined().compactMap(\.column) }

  /// Checks that all columns of the condition exist.
  ///
  /// - Throws: `Failure`, with a list of the columns that exist.
  func checkColumns(_ columns: [ResultColumn]) throws {
    var known: [String] = []
    for column in columns where !known.contains(column.name) { known.append(column.name) }
    guard let unknown = columnNames.first(where: { !known.contains($0) }) else { return }
    throw Failure(
      .usage, "--fail-if names a column '\(unknown)' that the result does not have",
      help: known.isEmpty ? [] : ["columns: \(known.joined(separator: ", "))"])
  }

  func isTrue(of table: ResultTable) -> Bool {
    var verdict = Verdict(self, of: table.columns)
    verdict.add(table.rows)
    return verdict.isTrue
  }

  /// Evaluates a condition over rows one by one.
  struct Verdict {
    private let columns: [ResultColumn]
    private let ofCount: [[Comparison]]
    private let ofRows: [[(comparison: Comparison, index: Int?)]]
    private var rowCount = 0
    /// For each alternative, whether a row has met its comparisons.
    private var isMet: [Bool]

    /// Prepares the evaluation.
    ///
    /// - Throws: `Failure` if a column is missing.
    init(_ condition: RowCondition, over columns: [ResultColumn]) throws {
      try condition.checkColumns(columns)
      self.init(condition, of: columns)
    }

    fileprivate init(_ condition: RowCondition, of columns: [ResultColumn]) {
      self.columns = columns
      ofCount = condition.alternatives.map { $0.filter { $0.column == nil } }
      ofRows = condition.alternatives.map { comparisons in
        comparisons.compactMap { comparison in
          comparison.column.map { name in
            (comparison, columns.firstIndex { $0.name == name })
          }
        }
      }
      isMet = ofRows.map(\.isEmpty)
    }

    mutating func add(_ rows: [[Value]]) {
      rowCount += rows.count
      for alternative in isMet.indices where !isMet[alternative] {
        isMet[alternative] = rows.contains { row in
          ofRows[alternative].allSatisfy { comparison, index in
            guard let index, index < row.count else { return false }
            return RowCondition.holds(comparison, row[index], of: columns[index])
          }
        }
      }
    }

    var isTrue: Bool {
      zip(ofCount, isMet).contains { comparisons, isMet in
        isMet
          && comparisons.allSatisfy { $0.comparator.holds(Double(rowCount), $0.number ?? 0) }
      }
    }
  }

  private static func holds(
    _ comparison: Comparison, _ value: Value, of column: ResultColumn
  ) -> Bool {
    let number: Double?
    var text: String
    switch value {
    case .null: return false
    case .integer(let integer) where column.type == .timestamp:
      (number, text) = (nil, Reporter.time(integer))
    case .integer(let integer): (number, text) = (Double(integer), String(integer))
    case .real(let real):
      guard real.isFinite else { return false }
      (number, text) = (real, "\(real)")
    case .text(let string), .wide(let string): (number, text) = (Double(string), string)
    }
    if let right = comparison.number, let number {
      return comparison.comparator.holds(number, right)
    }
    return comparison.comparator.holds(text, comparison.text)
  }

  // MARK: Reading

  private static func alternatives(in text: String) -> [[Comparison]]? {
    var alternatives: [[Comparison]] = [[]]
    var rest = text.drop { $0 == " " }
    while true {
      guard let comparison = comparison(takenFrom: &rest) else { return nil }
      alternatives[alternatives.count - 1].append(comparison)
      if rest.isEmpty { return alternatives }
      let word = rest.prefix { $0 != " " }
      rest = rest.dropFirst(word.count).drop { $0 == " " }
      switch word {
      case "and": continue
      case "or": alternatives.append([])
      default: return nil
      }
    }
  }

  private static func comparison(takenFrom rest: inout Substring) -> Comparison? {
    guard let (name, isQuoted) = columnName(takenFrom: &rest) else { return nil }
    let sign = rest.prefix { "<>=!".contains($0) }
    guard let comparator = Operator(rawValue: sign == "==" ? "=" : String(sign)) else { return nil }
    rest = rest.dropFirst(sign.count).drop { $0 == " " }
    guard let first = rest.first else { return nil }
    let value: Substring
    let isText = first == "'" || first == "\""
    if isText {
      rest.removeFirst()
      value = rest.prefix { $0 != first }
      guard value.endIndex < rest.endIndex else { return nil }
      rest = rest[rest.index(after: value.endIndex)...]
    } else {
      value = rest.prefix { $0 != " " }
      rest = rest[value.endIndex...]
    }
    rest = rest.drop { $0 == " " }
    let number = isText ? nil : Double(value)
    if name == "rows", !isQuoted {
      guard number != nil else { return nil }
      return Comparison(column: nil, comparator: comparator, text: String(value), number: number)
    }
    return Comparison(
      column: name, comparator: comparator, text: String(value), number: number)
  }

  /// Parses a column name up to the comparison, such as `@duration` or `pct(@duration, 99)`; or in
  /// backticks.
  private static func columnName(
    takenFrom rest: inout Substring
  ) -> (name: String, isQuoted: Bool)? {
    let isQuoted = rest.first == "`"
    if isQuoted { rest.removeFirst() }
    var name = rest.prefix { isQuoted ? $0 != "`" : !"<>=!".contains($0) }
    rest = rest[name.endIndex...]
    if isQuoted {
      guard !rest.isEmpty else { return nil }
      rest = rest.dropFirst().drop { $0 == " " }
    }
    while !isQuoted, name.last == " " { name.removeLast() }
    return name.isEmpty ? nil : (String(name), isQuoted)
  }
}
