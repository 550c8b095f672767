/// `display` selects exactly the columns of the result; the last one counts.
///
/// Later commands can still use every field.
public struct DisplayCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "display", synopsis: "display <expression> [as <name>], …",
    summary: "Shows exactly these fields; the last 'display' counts.",
    examples: [
      "filter @type = \"REPORT\" | display @requestId, @duration / 1000 as seconds | limit 20"
    ])

  public let span: SourceSpan
  private let shown: [Projection]

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let shown = parser.parseList(of: { $0.parseProjection() }) else { return nil }
    self.shown = shown
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    binder.selection.display(binder.extend(with: shown))
  }

  public var expressions: [Expression] { shown.map(\.expression) }

  public var definedNames: [String] { shown.map(\.name) }

  public var description: String {
    "display " + shown.map(\.description).joined(separator: ", ")
  }
}
