internal import InsightsModel

/// `unnest` makes one row of each element of a list; rows without elements are dropped.
public struct UnnestCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "unnest", synopsis: "unnest <list> into <name>",
    summary: "Makes one row of each element of a list; a single value is a list of one.",
    examples: [
      "fields jsonParse(@message) as json | unnest json.items into item | stats count(*) by item.sku"
    ])

  public static let traits = CommandTraits(.replacesRows)

  public let span: SourceSpan
  private let list: Spanned<String>
  private let name: Spanned<String>

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let list = parser.parseField("a list") else { return nil }
    self.list = list
    guard parser.takeKeyword("into") else {
      if parser.current.isSymbol("(") {
        parser.report(
          "unnest-expression", "'unnest' takes a field, no expression", at: list.span,
          help: ["name the list first: fields \(list.value)(…) as list | unnest list into item"])
      } else {
        parser.reportUnexpected(expected: "'into' and a name for the elements")
      }
      return nil
    }
    guard let name = parser.parseName("a name for the elements") else { return nil }
    self.name = name
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let list = binder.resolve(list) else { return }
    let element = PlanColumn(name.value, .element)
    // `unnest stages into stages` descends one level.
    guard
      name.value == self.list.value || binder.define(element, as: .column(element), at: name.span)
    else { return }
    binder.unnest(list, into: element, keepsEmpty: false, for: "unnest")
  }

  public var unnestedList: Spanned<String>? { list }

  public var definedNames: [String] { [name.value] }

  public var description: String {
    "unnest \(printedName(list.value)) into \(printedName(name.value))"
  }
}
