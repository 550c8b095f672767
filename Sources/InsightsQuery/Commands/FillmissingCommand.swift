internal import InsightsModel

/// `fillmissing` adds rows for the periods of `stats … by bin(…)` without one.
public struct FillmissingCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "fillmissing", synopsis: "fillmissing [with <value> for <field>, …]",
    summary: "Adds a row for each period without one, between the first and the last.",
    examples: ["stats count(*) as n by bin(5m) | fillmissing with 0 for n"])

  public static let traits = CommandTraits(.fillsPeriods)

  public let span: SourceSpan
  private let values: [FillValue]

  private struct FillValue {
    var value: Value
    var field: Spanned<String>
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    values =
      parser.takeKeyword("with")
      ? parser.parseList(of: { Self.parseValue(&$0) }) ?? [] : []
    guard parser.isAtCommandEnd || !values.isEmpty else {
      parser.reportUnexpected(expected: "'with', a value, 'for' and a field")
      return nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  /// Parses `0 for n`.
  private static func parseValue(_ parser: inout Parser) -> FillValue? {
    guard let expression = parser.parseExpression() else { return nil }
    guard case .literal(let value, _) = expression else {
      parser.report(
        "fill-value", "what is filled in is a number or a text in quotes", at: expression.span,
        help: ["write: fillmissing with 0 for count"])
      return nil
    }
    guard parser.takeKeyword("for") else {
      parser.reportUnexpected(expected: "'for' and a field")
      return nil
    }
    return parser.parseField("a field").map { FillValue(value: value, field: $0) }
  }

  public func bind(in binder: inout Binder) {
    let bins = binder.groupKeys.compactMap { key in
      Self.neighbours(of: key).map { (key.column, $0) }
    }
    guard binder.hasAggregated, let (bin, neighbours) = bins.first else {
      binder.report(
        "fill-without-bin", "'fillmissing' has no periods to fill", at: span,
        help: ["put it behind: stats … by bin(5m)"])
      return
    }
    var columns: [PlanColumn] = []
    for value in values {
      guard let column = binder.lookUp(value.field) else { return }
      columns.append(column)
    }
    binder.fill(
      Filling(
        bin: bin, next: neighbours.next, previous: neighbours.previous,
        leastLength: neighbours.leastLength,
        keys: binder.groupKeys.map(\.column).filter { $0.name != bin.name },
        values: values.map(\.value), columns: columns))
  }

  /// Returns the starts of the next and previous periods for a period key of `stats`, and the
  /// minimum length of a period; `nil` for other keys.
  private static func neighbours(
    of key: NamedExpression
  ) -> (next: BoundExpression, previous: BoundExpression, leastLength: Int64)? {
    guard case .call(.dateFloor, let arguments, _) = key.expression, arguments.count == 3,
      case .literal(.integer(let count)) = arguments[1],
      case .literal(.text(let name)) = arguments[2], let unit = Period.Unit(rawValue: name)
    else { return nil }
    let bin = BoundExpression.column(key.column)
    if let milliseconds = unit.fixedMilliseconds {
      let length = BoundExpression.literal(.integer(milliseconds * count))
      return (bin.calling(.plus, length), bin.calling(.minus, length), milliseconds * count)
    }
    let period = Period(count: count, unit: unit)
    let one = BoundExpression.literal(.integer(1))
    let day: Int64 = 86_400_000
    return (
      bin.calling(.plus, one).edge(.dateCeil, of: period),
      bin.calling(.minus, one).edge(.dateFloor, of: period), unit.months * 28 * day * count
    )
  }

  public var description: String {
    guard !values.isEmpty else { return "fillmissing" }
    return "fillmissing with "
      + values.map { "\(printedLiteral($0.value)) for \(printedName($0.field.value))" }
      .joined(separator: ", ")
  }
}
