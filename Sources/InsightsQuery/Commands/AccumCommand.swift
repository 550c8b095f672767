internal import InsightsModel

/// `accum` computes the running sum of a field, in the current order of the rows.
public struct AccumCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "accum", synopsis: "accum <field> [as <name>]",
    summary: "The running sum of a field; without a name it takes the field's place.",
    examples: [
      "stats sum(@billedDuration) as billed by bin(1h) as time | sort time | accum billed as total"
    ])

  public let span: SourceSpan
  private let field: Spanned<String>
  private let name: Spanned<String>?

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let field = parser.parseField("a field to add up") else { return nil }
    self.field = field
    if parser.takeKeyword("as") {
      guard let name = parser.parseName("a name for the running sum") else { return nil }
      self.name = name
    } else {
      name = nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let column = binder.lookUpSingleValue(field, for: "accum") else { return }
    let sum = PlanColumn(name?.value ?? column.name, .number, isComputed: true)
    if let name {
      guard binder.add(sum, at: name.span) else { return }
    } else {
      binder.replace(sum)
    }
    let call = BoundExpression.column(column).asNumber.calling(.windowSum)
    binder.window([WindowColumn(sum, call)])
  }

  public var definedNames: [String] { [name?.value ?? field.value] }

  public var description: String {
    "accum \(printedName(field.value))" + (name.map { " as \(printedName($0.value))" } ?? "")
  }
}
