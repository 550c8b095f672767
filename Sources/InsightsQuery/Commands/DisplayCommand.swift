/// `display` chooses exactly the columns of the result; the last one counts.
///
/// It takes nothing away from the commands that follow: they may still use every field.
public struct DisplayCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "display", synopsis: "display <expression> [as <name>], …",
    summary: "Shows exactly these fields; the last 'display' counts.",
    examples: [
      "filter @type = \"REPORT\" | display @requestId, @duration / 1000 as seconds | limit 20"
    ])

  public let span: SourceSpan
  private let projections: [Projection]

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let projections = parser.parseList(of: { $0.parseProjection() }) else { return nil }
    self.projections = projections
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    binder.selection.display(binder.extend(with: projections))
  }

  public var expressions: [Expression] { projections.map(\.expression) }

  public var definedNames: [String] { projections.map(\.name) }

  public var description: String {
    "display " + projections.map(\.description).joined(separator: ", ")
  }
}
