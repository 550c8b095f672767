/// `unmask` shows fields without the masks of a data protection policy.
///
/// Local logs contain what was exported, so there is nothing to unmask.
public struct UnmaskCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "unmask", synopsis: "unmask <field>, …",
    summary: "Shows the fields as they are; local logs have no masks.",
    examples: ["fields @timestamp | unmask @message | limit 20"])

  public let span: SourceSpan
  private let names: [Spanned<String>]

  public init?(parsing parser: inout Parser, keyword: Token) {
    let isCall = parser.takeSymbol("(")
    guard let names = parser.parseList(of: { $0.parseField("a field") }) else { return nil }
    if isCall, !parser.takeSymbol(")") {
      parser.reportUnexpected(expected: "')'")
      return nil
    }
    self.names = names
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    for name in names {
      guard let column = binder.lookUp(name) else { continue }
      binder.selection.append(column)
    }
  }

  public var description: String {
    "unmask " + names.map { printedName($0.value) }.joined(separator: ", ")
  }
}
