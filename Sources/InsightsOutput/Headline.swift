internal import Glibc
public import InsightsModel
internal import InsightsText

/// The headline number of a query's rows, as defined in the query: `sum(dollars) — US dollars`.
///
/// A measure is `rows`, `sum(column)`, `max(column)`, `min(column)`, or `percent(part, whole)` of
/// sums. The text after the dash is the unit; without it the query's title describes the number.
public struct Headline: Equatable, Sendable {
  private enum Measure: Equatable, Sendable {
    case rows
    case sum(String)
    case max(String)
    case min(String)
    case percent(part: String, whole: String)
  }

  private let measure: Measure
  private let unit: String

  /// Parses a headline; `nil` if the text is not one.
  public init?(_ text: String) {
    let halves = text.split(separator: "—", maxSplits: 1).map { Self.trimmed($0) }
    guard let first = halves.first, let measure = Self.measure(first) else { return nil }
    self.measure = measure
    unit = halves.count == 2 ? halves[1] : ""
  }

  /// Whether the measure is the number of rows, which includes omitted rows.
  public var countsRows: Bool { measure == .rows }

  /// The columns that the measure uses.
  public var columnNames: [String] {
    switch measure {
    case .rows: []
    case .sum(let name), .max(let name), .min(let name): [name]
    case .percent(let part, let whole): [part, whole]
    }
  }

  /// The formatted number and its unit; `nil` if the rows have no value for it.
  ///
  /// `rowCount` is the number of all rows, even if the table has fewer.
  public func fact(of table: ResultTable, rowCount: Int) -> Report.Fact? {
    func values(_ name: String) -> [Double]? {
      guard let index = table.columns.firstIndex(where: { $0.name == name }) else { return nil }
      return table.rows.compactMap { row in
        switch row[index] {
        case .integer(let number): Double(number)
        case .real(let number) where number.isFinite: number
        case .wide(let digits): Double(digits)
        case .real, .null, .text: nil
        }
      }
    }
    let number: Double?
    switch measure {
    case .rows: number = Double(rowCount)
    case .sum(let name): number = values(name)?.reduce(0, +)
    case .max(let name): number = values(name)?.max()
    case .min(let name): number = values(name)?.min()
    case .percent(let part, let whole):
      let (part, whole) = (values(part)?.reduce(0, +), values(whole)?.reduce(0, +))
      number = part.flatMap { part in whole.flatMap { $0 > 0 ? 100 * part / $0 : nil } }
    }
    return number.map { Report.Fact(Self.text(of: $0), unit) }
  }

  private static func measure(_ text: String) -> Measure? {
    if text == "rows" { return .rows }
    guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return nil }
    let names = text[text.index(after: open)...].dropLast().split(separator: ",")
      .map { trimmed($0) }
    return switch (text[..<open], names.count) {
    case ("sum", 1): .sum(names[0])
    case ("max", 1): .max(names[0])
    case ("min", 1): .min(names[0])
    case ("percent", 2): .percent(part: names[0], whole: names[1])
    default: nil
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// At most three significant digits: `1,234`, `12.3`, `0.0021`.
  private static func text(of number: Double) -> String {
    let size = number.magnitude
    if size >= 1000, size < 1e15 { return Int64(number.rounded()).grouped }
    let digits = size > 0 ? 2 - Int(floor(log10(size))) : 0
    var bytes: [UInt8] = []
    NumericText.appendRounded(
      number, fractionDigits: Swift.min(12, Swift.max(0, digits)), to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
