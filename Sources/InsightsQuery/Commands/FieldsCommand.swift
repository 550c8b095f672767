/// `fields` adds columns to the result; an alias is a new field for later commands.
public struct FieldsCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "fields", synopsis: "fields <expression> [as <name>], …",
    summary: "Shows fields and computed values; several of them add up.",
    examples: [
      "fields @timestamp, @message | limit 20",
      "fields strlen(@message) as length | sort length desc | limit 5",
    ])

  public let span: SourceSpan
  /// The columns to add, in the order written.
  public let projections: [Projection]

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let projections = parser.parseList(of: { $0.parseProjection() }) else { return nil }
    self.projections = projections
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    for column in binder.extend(with: projections) {
      binder.selection.add(column)
    }
  }

  public var expressions: [Expression] { projections.map(\.expression) }

  public var definedNames: [String] { projections.map(\.name) }

  public var description: String {
    "fields " + projections.map(\.description).joined(separator: ", ")
  }
}
