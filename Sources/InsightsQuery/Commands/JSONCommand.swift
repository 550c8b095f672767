internal import InsightsModel

/// `json` extracts values from a field with JSON text.
public struct JSONCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "json", synopsis: "json [field=<field>] \"<path>\" as <name>, …",
    summary: "Takes values out of JSON text, each by the path of keys to it.",
    examples: ["json field=@message \"error.code\" as code | stats count(*) by code"])

  public let span: SourceSpan
  private let field: Spanned<String>?
  private let parts: [Part]

  private struct Part {
    var path: String
    var name: Spanned<String>
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    if parser.current.isKeyword("field"), parser.next.isSymbol("=") {
      parser.advance()
      parser.advance()
      guard let name = parser.parseField("a field that holds JSON text") else { return nil }
      field = name
    } else {
      field = nil
    }
    let parts = parser.parseList { parser -> Part? in
      guard case .string(let path) = parser.current.kind else {
        parser.reportUnexpected(expected: "a path in quotes, such as \"user.name\"")
        return nil
      }
      parser.advance()
      guard parser.takeKeyword("as") else {
        parser.reportUnexpected(expected: "'as' and a name for the value")
        return nil
      }
      return parser.parseName("a name for the value").map { Part(path: path, name: $0) }
    }
    guard let parts else { return nil }
    self.parts = parts
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let text = binder.resolve(field ?? Spanned("@message", span)) else { return }
    let json = text.calling(.jsonParse)
    binder.define(parts.map { ($0.name, json.element(Self.keys(of: $0.path))) })
  }

  /// Returns the keys of a path, which may begin like JSONPath and contain positions in brackets.
  private static func keys(of path: String) -> [String] {
    let rest = path.hasPrefix("$.") ? path.dropFirst(2) : path[...]
    return FieldPath(
      String(rest.map { $0 == "[" ? "." : $0 }.filter { $0 != "]" })
    ).keys
  }

  public var definedNames: [String] { parts.map(\.name.value) }

  public var description: String {
    "json " + (field.map { "field=\(printedName($0.value)) " } ?? "")
      + parts.map { "\(quoted($0.path)) as \(printedName($0.name.value))" }.joined(separator: ", ")
  }
}
