internal import InsightsModel

/// `SOURCE` defines what a query reads instead of the default events.
public struct SourceCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "source",
    synopsis:
      "SOURCE events | invocations | errors | '<log group>' | logGroups(namePrefix: ['<prefix>', …]) [START=<time>] [END=<time>]",
    summary:
      "Chooses what to read: log groups by name or prefix, or a table of parsed facts (a local extension).",
    examples: [
      "SOURCE invocations | filter cold_start = 1 | stats count(*) by @log",
      "SOURCE logGroups(namePrefix: ['/aws/lambda/']) | stats count(*) by @log",
    ])

  public static let traits = CommandTraits([], .first)

  public let span: SourceSpan
  private var target: Target
  private var start: SourceTime?
  private var end: SourceTime?

  private enum Target {
    case relation(Relation)
    /// By name or ARN.
    case logGroups([Spanned<String>])
    case selection(SourceSelection)
  }

  /// The name prefixes by which it selects log groups; empty if it selects them otherwise.
  public var logGroupPrefixes: [String] {
    if case .selection(let selection) = target { selection.logGroupPrefixes } else { [] }
  }

  /// The names of the log groups that it lists, by name or ARN; empty if it selects log groups
  /// otherwise.
  public var logGroupNames: [String] {
    if case .logGroups(let names) = target {
      names.map { LogGroupIdentifier.name($0.value) }
    } else {
      []
    }
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
    if token.isSymbol("[") {
      parser.report(
        "source-list", "SOURCE takes one log group, no list", at: token.span,
        help: [
          "give each its own: SOURCE '/one' | SOURCE '/the/next'",
          "or choose by prefix: SOURCE logGroups(namePrefix: ['/a', '/b'])",
        ])
      return nil
    }
    switch token.kind {
    case .string(let name):
      parser.advance()
      return parseEnd(ofName: Spanned(name, token.span), &parser)
    case .word(let word)
    where SourceSelection.Function(rawValue: word.lowercased()) != nil
      && parser.next.isSymbol("("):
      return SourceSelection(parsing: &parser).map { .selection($0) }
    default:
      guard let name = parser.takeBareText() else {
        parser.reportUnexpected(
          expected: "a source: events, invocations, errors or '/a/log/group'")
        return nil
      }
      if let relation = Relation.named(name.value) { return .relation(relation) }
      return parseEnd(ofName: name, &parser)
    }
  }

  /// Rejects further names after a comma, as CloudWatch does.
  private static func parseEnd(
    ofName name: Spanned<String>, _ parser: inout Parser
  ) -> Target? {
    guard parser.current.isSymbol(",") else { return .logGroups([name]) }
    parser.report(
      "source-list", "SOURCE takes one log group", at: parser.current.span,
      notes: ["CloudWatch says: unexpected symbol found ,"],
      help: [
        "give each its own: SOURCE \(quoted(name.value)) | SOURCE '/the/next'",
        "or choose by prefix: SOURCE logGroups(namePrefix: ['/a', '/b'])",
      ])
    return nil
  }

  /// Whether it selects log groups, rather than a derived table.
  var choosesLogGroups: Bool {
    if case .relation = target { false } else { true }
  }

  /// Returns a source that reads the log groups of both; `nil` if one of them reads something else.
  ///
  /// Dashboards have a separate SOURCE for each log group.
  func joined(with other: SourceCommand) -> SourceCommand? {
    guard case .logGroups(let names) = target, case .logGroups(let others) = other.target,
      start == nil || other.start == nil, end == nil || other.end == nil
    else { return nil }
    var joined = self
    joined.target = .logGroups(names + others)
    joined.start = start ?? other.start
    joined.end = end ?? other.end
    return joined
  }

  public var source: SourceCommand? { self }

  public func bind(in binder: inout Binder) {
    let range = TimeRange(
      start: start?.milliseconds(now: binder.options.now),
      end: end?.firstBehind(now: binder.options.now))
    if let start = range.start, let end = range.end, end <= start {
      binder.report(
        "empty-time-range", "the time range of SOURCE ends before it starts", at: span)
    }
    switch target {
    case .relation(let relation): binder.read(relation, in: range)
    case .logGroups(let names):
      let groups = names.map { Spanned(LogGroupIdentifier.name($0.value), $0.span) }
      for group in groups { binder.warnIfUnknown(group) { $0 == group.value } }
      binder.read(.events, ofLogGroups: groups.map { escapedGlob($0.value) }, in: range)
      selectAccounts(of: names.map(\.value), in: &binder)
    case .selection(let selection): selection.bind(in: &binder, range: range)
    }
  }

  /// Removes log groups of accounts other than that of an ARN, if log groups with the same name
  /// exist in several accounts and the logs contain the account.
  private func selectAccounts(of identifiers: [String], in binder: inout Binder) {
    guard let accounts = binder.catalog?.accounts, let log = binder.scope.lookUp("@log") else {
      return
    }
    let known = identifiers.map { identifier in
      LogGroupIdentifier.account(identifier).flatMap { accounts.contains($0) ? $0 : nil }
    }
    guard known.contains(where: { $0 != nil }) else { return }
    let conditions = zip(identifiers, known).map { identifier, account in
      let name = LogGroupIdentifier.name(identifier)
      return account.map { .membership(.column(log), [.text("\($0):\(name)")]) }
        ?? BoundExpression.column(log).calling(.endsWith, .literal(.text(":\(name)")))
    }
    guard let isSelected = BoundExpression.joined(conditions, by: .or) else { return }
    binder.plan = .filter(binder.plan, isSelected)
  }

  public var description: String {
    var text = "SOURCE "
    switch target {
    case .relation(let relation): text += relation.name
    case .logGroups(let names):
      text += names.map { quoted($0.value) }.joined(separator: " | SOURCE ")
    case .selection(let selection): text += selection.description
    }
    if let start { text += " START=\(start)" }
    if let end { text += " END=\(end)" }
    return text
  }
}

/// Parses the identifier of a log group: its name, or an ARN.
enum LogGroupIdentifier {
  /// Returns the name in `arn:aws:logs:<region>:<account>:log-group:<name>`, also with `:*` or a
  /// log stream after it; any other text is the name itself.
  ///
  /// Names contain no colons.
  static func name(_ identifier: String) -> String {
    let parts = identifier.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 7, parts[0] == "arn", parts[2] == "logs", parts[5] == "log-group" else {
      return identifier.hasSuffix(":*") ? String(identifier.dropLast(2)) : identifier
    }
    return String(parts[6])
  }

  /// Returns the account in an ARN.
  static func account(_ identifier: String) -> String? {
    guard name(identifier) != identifier else { return nil }
    let parts = identifier.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count >= 7 && !parts[4].isEmpty ? String(parts[4]) : nil
  }
}

extension Binder {
  /// Warns of an account without log groups; lists the existing ones.
  mutating func warnIfUnknown(account: Spanned<String>) {
    guard let accounts = catalog?.accounts, !accounts.contains(account.value) else { return }
    let known = accounts.filter { $0 != "000000000000" }
    let shown = known.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    warn(
      "unknown-account", "no log group is of the account '\(account.value)'", at: account.span,
      notes: [
        known.isEmpty
          ? "the logs do not say of which account they are"
          : "accounts: \(shown)" + (known.count > 5 ? " and \(known.count - 5) more" : "")
      ],
      help: ["leave accountIdentifiers out to read all accounts"])
  }

  /// Warns of a log group name or prefix that matches no events; lists the existing ones.
  mutating func warnIfUnknown(_ name: Spanned<String>, _ isMatch: (String) -> Bool) {
    guard let groups = catalog?.logGroups, !groups.contains(where: isMatch) else { return }
    let similar = similarNames(to: name.value, among: groups + Relation.all.map(\.name))
    let shown = groups.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    warn(
      "unknown-log-group", "no log group matches '\(name.value)'", at: name.span,
      notes: [
        groups.isEmpty
          ? "no event here has a log group"
          : "log groups: \(shown)" + (groups.count > 5 ? " and \(groups.count - 5) more" : "")
      ],
      help: similar.isEmpty
        ? [
          groups.isEmpty
            ? "name one when you ingest: --log-group <name>" : "list them: insights groups"
        ] : ["a source with a similar name exists: \(similar)"])
  }
}

extension Parser {
  /// Parses a quoted text.
  mutating func parseString() -> Spanned<String>? {
    let token = current
    guard case .string(let text) = token.kind else {
      reportUnexpected(expected: "a text in quotes")
      return nil
    }
    advance()
    return Spanned(text, token.span)
  }
}
