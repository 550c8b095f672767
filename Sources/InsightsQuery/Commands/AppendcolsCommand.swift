internal import InsightsModel

/// `appendcols` adds the columns of a subquery to the rows, matching rows by number.
public struct AppendcolsCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "appendcols", synopsis: "appendcols [override=false] [max=10000] (<query>)",
    summary: "Puts the columns of another query beside the rows, row by row.",
    examples: [
      "stats count(*) as calls by service | appendcols (SOURCE '/app/slow' | stats avg(latency) as mean by service)"
    ])

  public static let traits = CommandTraits(.replacesRows)

  /// The maximum of `max`, and its default, in rows.
  private static let rowLimit = 100_000
  private static let defaultRowLimit = 10_000
  private static let optionNames = ["override", "max"]

  public let span: SourceSpan
  private let overrides: Bool
  private let count: Int
  private let query: QuerySyntax

  public init?(parsing parser: inout Parser, keyword: Token) {
    var overrides = false
    var count = Self.defaultRowLimit
    while let option = parser.parseOption() {
      switch option.name.value {
      case "override":
        guard let truth = option.truth(in: &parser) else { return nil }
        overrides = truth
      case "max":
        guard case .integer(let number) = option.value.kind, number >= 1,
          number <= Int64(Self.rowLimit)
        else {
          parser.report(
            "option-value", "'max' is a number of rows from 1 to \(Self.rowLimit)",
            at: option.value.span)
          return nil
        }
        count = Int(number)
      default:
        option.reportUnknown(known: Self.optionNames, in: &parser)
        return nil
      }
    }
    guard parser.current.isSymbol("(") else {
      parser.reportUnexpected(expected: "a query in parentheses")
      return nil
    }
    guard let query = parser.parseSubquery() else { return nil }
    self.overrides = overrides
    self.count = count
    self.query = query
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    let number = PlanColumn("@row", .number)
    let other = binder.bindSubquery(query) { inner -> (plan: Plan, columns: [PlanColumn])? in
      let columns = inner.selection.handedOn
      inner.limit(to: count, inAnyOrder: false)
      inner.number(as: number)
      return (inner.plan, columns)
    }
    guard let other else { return }
    let added = other.columns.filter { column in
      overrides
        || !(binder.scope.defines(column.name)
          || binder.selection.columns.contains { $0.name == column.name })
    }
    binder.number(as: number)
    binder.join(
      other.plan, on: [Join.Key(left: .column(number), right: .column(number))],
      adding: added.map { Join.AddedColumn($0, from: $0) })
    for column in added { binder.replace(column) }
  }

  public var subqueries: [QuerySyntax] { [query] }

  public var description: String {
    "appendcols override=\(overrides) max=\(count) " + query.printedAsSubquery
  }
}
