/// `filterIndex` keeps the events whose indexed field has a value.
///
/// Locally it is equivalent to `filter`: events without an index are searched too.
public struct FilterIndexCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "filterindex", synopsis: "filterIndex <field> = <value> | <field> in [<value>, …]",
    summary: "Keeps the events whose field has the value, by an index where there is one.",
    examples: ["filterIndex level = \"ERROR\" | fields @timestamp, @message"])

  public let span: SourceSpan
  /// The same condition as a `filter`.
  private let filter: FilterCommand

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let condition = parser.parseExpression() else { return nil }
    guard Self.isSupported(condition) else {
      parser.report(
        "filter-index-condition", "'filterIndex' takes only '=' and 'in' with literal values",
        at: condition.span,
        help: ["filterIndex status = 500", "use 'filter' for any other condition"])
      return nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
    filter = FilterCommand(condition: condition, span: span)
  }

  public var plainForm: any Command { filter }

  public var indexedField: String? {
    guard case .binary(_, .name(let name, _, _), _)? = filter.condition else { return nil }
    return name
  }

  private static func isSupported(_ condition: Expression) -> Bool {
    guard case .binary(let op, .name, let right) = condition else { return false }
    switch (op.value, right) {
    case (.equal, .literal): return true
    case (.isIn, .list): return true
    default: return false
    }
  }

  public func bind(in binder: inout Binder) {
    filter.bind(in: &binder)
  }

  public var expressions: [Expression] { filter.expressions }

  public var description: String { "filterindex " + (filter.condition.map { "\($0)" } ?? "") }
}
