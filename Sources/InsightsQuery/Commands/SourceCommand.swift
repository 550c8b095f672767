internal import InsightsModel

/// `SOURCE` names what a query reads, where it is not the events that were asked for anyway.
public struct SourceCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "source",
    synopsis:
      "SOURCE events | invocations | errors | '<log group>', … | logGroups(namePrefix: ['<prefix>', …]) [START=<time>] [END=<time>]",
    summary:
      "Chooses what to read: log groups by name or prefix, or a table of parsed facts (a local extension).",
    examples: [
      "SOURCE invocations | filter cold_start = 1 | stats count(*) by @log",
      "SOURCE logGroups(namePrefix: ['/aws/lambda/']) | stats count(*) by @log",
    ])

  public let span: SourceSpan
  private var target: Target
  private let start: SourceTime?
  private let end: SourceTime?

  private enum Target {
    case relation(Relation)
    case logGroups([String])
    case selection(SourceSelection)
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let target = Self.parseTarget(&parser) else { return nil }
    self.target = target
    var start: SourceTime?
    var end: SourceTime?
    while parser.next.isSymbol("="),
      parser.current.isKeyword("start") || parser.current.isKeyword("end")
    {
      let isStart = parser.current.isKeyword("start")
      parser.advance()
      parser.advance()
      guard let time = SourceTime(parsing: &parser) else { return nil }
      if isStart { start = time } else { end = time }
    }
    self.start = start
    self.end = end
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  private static func parseTarget(_ parser: inout Parser) -> Target? {
    let token = parser.current
    switch token.kind {
    case .string: return parser.parseStrings().map { .logGroups($0) }
    case .word(let word):
      if SourceSelection.Function(rawValue: word.lowercased()) != nil {
        return SourceSelection(parsing: &parser).map { .selection($0) }
      }
      guard let relation = Relation.named(word) else {
        parser.report(
          "unknown-source", "unknown source '\(word)'", at: token.span,
          help: ["sources: \(Relation.all.map(\.name).joined(separator: ", ")), or '/a/log/group'"])
        return nil
      }
      parser.advance()
      return .relation(relation)
    default:
      parser.reportUnexpected(expected: "a source: events, invocations, errors or '/a/log/group'")
      return nil
    }
  }

  /// Whether it names what CloudWatch has too, rather than a table of facts.
  var choosesLogGroups: Bool {
    if case .relation = target { false } else { true }
  }

  /// One that reads the log groups of both; `nil` where one of them reads something else.
  ///
  /// Dashboards name each log group with a SOURCE of its own.
  func joined(with other: SourceCommand) -> SourceCommand? {
    guard case .logGroups(let names) = target, case .logGroups(let others) = other.target,
      start == nil, end == nil, other.start == nil, other.end == nil
    else { return nil }
    var joined = self
    joined.target = .logGroups(names + others)
    return joined
  }

  public func bind(in binder: inout Binder) {
    let range = TimeRange(
      start: start?.milliseconds(now: binder.options.now),
      end: end?.firstBehind(now: binder.options.now))
    switch target {
    case .relation(let relation): binder.read(relation, in: range)
    case .logGroups(let names):
      binder.read(.events, ofLogGroups: names.map(escapedGlob), in: range)
    case .selection(let selection): selection.bind(in: &binder, range: range)
    }
  }

  public var description: String {
    var text = "SOURCE "
    switch target {
    case .relation(let relation): text += relation.name
    case .logGroups(let names): text += names.map(quoted).joined(separator: ", ")
    case .selection(let selection): text += selection.description
    }
    if let start { text += " START=\(start)" }
    if let end { text += " END=\(end)" }
    return text
  }
}

extension Parser {
  /// `'first', 'second', …`.
  mutating func parseStrings() -> [String]? {
    parseList { parser -> String? in
      guard case .string(let text) = parser.current.kind else {
        parser.reportUnexpected(expected: "a text in quotes")
        return nil
      }
      parser.advance()
      return text
    }
  }
}
