/// `SOURCE` names what a query reads, where it is not the events that were asked for anyway.
public struct SourceCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "source", synopsis: "SOURCE events | invocations | errors | '<log group>', …",
    summary:
      "Chooses what to read: log groups by name, or a table of parsed facts (a local extension).",
    examples: ["SOURCE invocations | filter cold_start = 1 | stats count(*) by @log"])

  public let span: SourceSpan
  private let target: Target

  private enum Target {
    case relation(Relation)
    case logGroups([String])
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    let token = parser.current
    switch token.kind {
    case .string:
      let names = parser.parseList { parser -> String? in
        guard case .string(let name) = parser.current.kind else {
          parser.reportUnexpected(expected: "a log group's name in quotes")
          return nil
        }
        parser.advance()
        return name
      }
      guard let names else { return nil }
      target = .logGroups(names)
    case .word(let word):
      guard let relation = Relation.named(word) else {
        let isFunction = ["loggroups", "datasource"].contains(word.lowercased())
        parser.report(
          isFunction ? "unsupported-source" : "unknown-source",
          isFunction
            ? "SOURCE \(word)(…) is not supported yet" : "unknown source '\(word)'",
          at: token.span,
          help: [
            isFunction
              ? "name the log groups: SOURCE '/aws/lambda/a', '/aws/lambda/b'"
              : "sources: \(Relation.all.map(\.name).joined(separator: ", ")), or '/a/log/group'"
          ])
        return nil
      }
      parser.advance()
      target = .relation(relation)
    default:
      parser.reportUnexpected(expected: "a source: events, invocations, errors or '/a/log/group'")
      return nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    switch target {
    case .relation(let relation): binder.read(relation)
    case .logGroups(let names): binder.read(.events, ofLogGroups: names)
    }
  }

  public var description: String {
    switch target {
    case .relation(let relation): "SOURCE \(relation.name)"
    case .logGroups(let names): "SOURCE " + names.map(quoted).joined(separator: ", ")
    }
  }
}
