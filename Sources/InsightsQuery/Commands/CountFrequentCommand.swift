internal import InsightsModel

/// `countFrequent` counts each combination of values, the most frequent first.
///
/// CloudWatch's count is approximate; this one is exact. Events without one of the fields are not
/// counted.
public struct CountFrequentCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "countfrequent", aliases: ["count_frequent"], synopsis: "countFrequent <field>, …",
    summary: "Counts each combination of values as '_approxcount', the most frequent first.",
    examples: ["countFrequent level, service | limit 10"])

  public static let traits = CommandTraits(.replacesRows)

  public let span: SourceSpan
  private let names: [Spanned<String>]

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let names = parser.parseList(of: { $0.parseField("a field to count by") }) else {
      return nil
    }
    self.names = names
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    var keys: [PlanColumn] = []
    for name in names {
      guard let column = binder.lookUpSingleValue(name, for: "countFrequent") else { return }
      if !keys.contains(column) { keys.append(column) }
    }
    for key in keys {
      binder.plan = .filter(
        binder.plan,
        BoundExpression.column(key).calling(.isPresent))
    }
    let count = NamedExpression(
      column: PlanColumn("_approxcount", .number, isComputed: true),
      expression: .call(.rowCount, []))
    binder.aggregate(
      keys: keys, aggregates: [count],
      sortedBy: [SortKey(column: count.column, isDescending: true)])
  }

  public var definedNames: [String] { ["_approxcount"] }

  public var description: String {
    "countfrequent " + names.map { printedName($0.value) }.joined(separator: ", ")
  }
}
