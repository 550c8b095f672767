internal import InsightsModel

/// `expand` makes one row of each element of a field with a JSON array.
///
/// The element replaces the array; a row without an array is kept.
public struct ExpandCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "expand", synopsis: "expand <field>",
    summary: "Makes one row of each element of a JSON array; the element replaces the array.",
    examples: ["expand items | stats count(*) by items"])

  public static let traits = CommandTraits([.replacesRows, .replacesFields])

  public let span: SourceSpan
  private let name: Spanned<String>

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let name = parser.parseField("a field that holds a JSON array") else { return nil }
    self.name = name
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    let isDiscovered = !binder.scope.defines(name.value)
    guard let field = binder.resolve(name, isList: true) else { return }
    var alternatives: [BoundExpression] = [field.calling(.jsonParse), field]
    // Discovery flattens arrays, so read the message.
    if isDiscovered, let message = binder.scope.lookUp("@message"), field.type == .any {
      let json = BoundExpression.column(message).calling(.jsonParse)
      alternatives.append(json.element(FieldPath(name.value).keys))
    }
    binder.unnest(
      .call(.coalesce, alternatives), into: PlanColumn(name.value, .element), keepsEmpty: true,
      for: "expand")
  }

  public var unnestedList: Spanned<String>? { name }

  public var definedNames: [String] { [name.value] }

  public var description: String { "expand \(printedName(name.value))" }
}
