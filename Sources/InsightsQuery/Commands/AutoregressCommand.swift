internal import InsightsModel

/// `autoregress` adds the values of earlier rows to each row.
public struct AutoregressCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "autoregress", synopsis: "autoregress <field> [as <name>] [p=<first>[-<last>]]",
    summary: "Adds the field's values of earlier rows: p=1 is the row before.",
    examples: ["stats count(*) as n by bin(5m) as time | sort time | autoregress n p=1-2"])

  /// The maximum distance.
  static let distanceLimit: Int64 = 1000
  /// The maximum number of columns that one command adds.
  static let columnLimit: Int64 = 100

  public let span: SourceSpan
  private let field: Spanned<String>
  private let name: Spanned<String>?
  private let distances: ClosedRange<Int64>
  private let isRange: Bool

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let field = parser.parseField("a field") else { return nil }
    self.field = field
    var name: Spanned<String>?
    var distances: (first: Int64, last: Int64)?
    while !parser.isAtCommandEnd {
      if name == nil, parser.takeKeyword("as") {
        name = parser.parseName("a name for the earlier values")
        guard name != nil else { return nil }
      } else if distances == nil, parser.current.isKeyword("p"), parser.next.isSymbol("=") {
        distances = Self.parseDistances(&parser)
        guard distances != nil else { return nil }
      } else {
        parser.reportUnexpected(expected: "'as' and a name, 'p=1-4', or '|'")
        return nil
      }
    }
    self.name = name
    self.distances = (distances?.first ?? 1)...(distances?.last ?? 1)
    isRange = self.distances.count > 1
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  /// Parses `p=1` or `p=1-4`.
  private static func parseDistances(_ parser: inout Parser) -> (first: Int64, last: Int64)? {
    parser.advance()
    parser.advance()
    let start = parser.current.span.lowerBound
    guard case .integer(let first) = parser.current.kind else {
      parser.reportUnexpected(expected: "a number of rows, as in p=1 or p=1-4")
      return nil
    }
    parser.advance()
    var last = first
    if parser.takeSymbol("-") {
      guard case .integer(let number) = parser.current.kind else {
        parser.reportUnexpected(expected: "a number of rows, as in p=1-4")
        return nil
      }
      last = number
      parser.advance()
    }
    guard first >= 1, last >= first, last <= distanceLimit, last - first < columnLimit else {
      parser.report(
        "row-distance", "'p' is a number from 1 to \(distanceLimit), or a range of such numbers",
        at: start..<parser.previousEnd, notes: ["one command adds at most \(columnLimit) columns"],
        help: ["write: p=1-4"])
      return nil
    }
    return (first, last)
  }

  public func bind(in binder: inout Binder) {
    guard let column = binder.lookUpSingleValue(field, for: "autoregress") else { return }
    var earlier: [WindowColumn] = []
    for (name, distance) in zip(definedNames, distances) {
      let output = PlanColumn(name, column.type, isComputed: column.isComputed)
      guard binder.add(output, at: self.name?.span ?? field.span) else { return }
      let call = BoundExpression.column(column).calling(.lag, .literal(.integer(distance)))
      earlier.append(WindowColumn(output, call))
    }
    binder.window(earlier)
  }

  /// A single value with a given name has just that name; others end in `_p` and their distance.
  public var definedNames: [String] {
    if let name, !isRange { return [name.value] }
    return distances.map { "\(name?.value ?? field.value)_p\($0)" }
  }

  public var description: String {
    "autoregress \(printedName(field.value))" + (name.map { " as \(printedName($0.value))" } ?? "")
      + " p=\(distances.lowerBound)" + (isRange ? "-\(distances.upperBound)" : "")
  }
}
