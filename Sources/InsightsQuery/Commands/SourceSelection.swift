internal import InsightsModel

/// The selection of `SOURCE logGroups(…)`, `SOURCE logGroupTags(…)` and `SOURCE dataSource(…)`.
///
/// Local logs have no data sources, and no classes or tags of log groups: these select everything,
/// with a warning.
struct SourceSelection: Sendable {
  enum Function: String, Sendable {
    case logGroups = "loggroups"
    case dataSource = "datasource"
    case logGroupTags = "loggrouptags"
  }

  /// The maximum number of prefixes, accounts and data sources, as in CloudWatch.
  private static let prefixLimit = 5
  private static let accountLimit = 20
  private static let dataSourceLimit = 10
  /// The maximum number of tags of `logGroupTags`, and of values of each.
  private static let tagLimit = 5

  private var dataSources: [String]?
  private var selectsLogGroups = false
  private var prefixes: [Spanned<String>] = []
  private var tags: [Tag]?
  private var accounts: [Spanned<String>] = []
  /// Keys that do not apply to local logs, with the values that they would select.
  private var foreign: [(key: Spanned<String>, values: [String])] = []

  /// A required tag, with one of the values; any value if there is none.
  private struct Tag: Sendable {
    var key: String
    var values: [String]
  }

  var logGroupPrefixes: [String] { prefixes.map(\.value) }

  init?(parsing parser: inout Parser) {
    while case .word(let word) = parser.current.kind,
      let function = Function(rawValue: word.lowercased()), parser.next.isSymbol("(")
    {
      let name = Spanned(word, parser.current.span)
      parser.advance()
      parser.advance()
      switch function {
      case .dataSource:
        let start = parser.current.span
        guard let values = Self.parseValues(&parser) else { return nil }
        guard values.count <= Self.dataSourceLimit else {
          Self.reportTooMany("data sources", Self.dataSourceLimit, at: start, in: &parser)
          return nil
        }
        dataSources = values.map(\.value)
        foreign.append((name, values.map(\.value)))
      case .logGroupTags:
        guard let tags = Self.parseTags(&parser) else { return nil }
        guard tags.count <= Self.tagLimit, tags.allSatisfy({ $0.values.count <= Self.tagLimit })
        else {
          Self.reportTooMany(
            "tags with as many values each", Self.tagLimit, at: name.span, in: &parser)
          return nil
        }
        self.tags = tags
        foreign.append((name, []))
      case .logGroups:
        selectsLogGroups = true
        guard parseKeys(&parser) else { return nil }
      }
      guard parser.takeSymbol(")") else {
        parser.reportUnexpected(expected: "',' or ')'")
        return nil
      }
    }
    guard selectsLogGroups || dataSources != nil || tags != nil else {
      parser.advance()
      parser.reportUnexpected(expected: "'('")
      return nil
    }
  }

  /// Parses `key: ['value', …], …`; the documentation spells two of the keys in two ways.
  private mutating func parseKeys(_ parser: inout Parser) -> Bool {
    guard !parser.current.isSymbol(")") else { return true }
    repeat {
      guard case .word(let word) = parser.current.kind else {
        parser.reportUnexpected(expected: "namePrefix, accountIdentifiers or ')'")
        return false
      }
      let key = Spanned(word, parser.current.span)
      parser.advance()
      guard parser.takeSymbol(":") else {
        parser.reportUnexpected(expected: "':' and a list")
        return false
      }
      if word.lowercased() == "tags", parser.current.isSymbol("{") || parser.next.isSymbol("{") {
        guard let tags = Self.parseTags(&parser) else { return false }
        foreign.append((key, tags.map(\.key)))
        continue
      }
      guard let values = Self.parseValues(&parser) else { return false }
      switch word.lowercased() {
      case "nameprefix":
        prefixes = values
        guard values.count <= Self.prefixLimit else {
          Self.reportTooMany("prefixes", Self.prefixLimit, at: key.span, in: &parser)
          return false
        }
      case "accountidentifiers", "accountidentifier":
        accounts = values
        guard values.count <= Self.accountLimit else {
          Self.reportTooMany("accounts", Self.accountLimit, at: key.span, in: &parser)
          return false
        }
      case "class", "loggroupclass", "tags": foreign.append((key, values.map(\.value)))
      default:
        parser.report(
          "unknown-source-key", "'logGroups' has no '\(word)'", at: key.span,
          help: ["it takes: namePrefix, accountIdentifiers, class"])
        return false
      }
    } while parser.takeSymbol(",")
    return true
  }

  private static func reportTooMany(
    _ what: String, _ limit: Int, at span: SourceSpan, in parser: inout Parser
  ) {
    parser.report(
      "too-many-sources", "SOURCE takes at most \(limit) \(what)", at: span,
      help: ["use a shorter prefix, or name fewer"])
  }

  /// Parses `[{key: 'team', values: ['a', '!b', 'c*']}, …]`; the brackets are optional.
  private static func parseTags(_ parser: inout Parser) -> [Tag]? {
    guard !parser.current.isSymbol(")") else { return [] }
    let isList = parser.takeSymbol("[")
    if isList, parser.takeSymbol("]") { return [] }
    guard let tags = parser.parseList(of: { parseTag(&$0) }) else { return nil }
    if isList, !parser.takeSymbol("]") {
      parser.reportUnexpected(expected: "',' or ']'")
      return nil
    }
    return tags
  }

  private static func parseTag(_ parser: inout Parser) -> Tag? {
    let start = parser.current.span
    guard parser.takeSymbol("{") else {
      parser.reportUnexpected(
        expected: "a tag", help: ["write: logGroupTags([{key: 'team', values: ['shop']}])"])
      return nil
    }
    var key: String?
    var values: [String] = []
    repeat {
      let name: String
      switch parser.current.kind {
      case .word(let word), .string(let word): name = word.lowercased()
      default: name = ""
      }
      guard name == "key" || name == "values" else {
        parser.reportUnexpected(expected: "key or values")
        return nil
      }
      parser.advance()
      guard parser.takeSymbol(":") else {
        parser.reportUnexpected(expected: "':'")
        return nil
      }
      guard let parsed = parseValues(&parser) else { return nil }
      if name == "key" { key = parsed.first?.value } else { values = parsed.map(\.value) }
    } while parser.takeSymbol(",")
    guard parser.takeSymbol("}") else {
      parser.reportUnexpected(expected: "',' or '}'")
      return nil
    }
    guard let key else {
      parser.report(
        "tag-without-key", "a tag has no key", at: start.lowerBound..<parser.previousEnd,
        help: ["write: {key: 'team', values: ['shop']}"])
      return nil
    }
    return Tag(key: key, values: values)
  }

  /// Parses a text, or a list of texts, which may be empty.
  private static func parseValues(_ parser: inout Parser) -> [Spanned<String>]? {
    guard parser.takeSymbol("[") else {
      return parser.parseString().map { [$0] }
    }
    guard !parser.takeSymbol("]") else { return [] }
    guard let values = parser.parseList(of: { $0.parseString() }) else { return nil }
    guard parser.takeSymbol("]") else {
      parser.reportUnexpected(expected: "',' or ']'")
      return nil
    }
    return values
  }

  func bind(in binder: inout Binder, range: TimeRange) {
    for (key, _) in foreign {
      binder.warn(
        "source-not-local", "'\(key.value)' selects nothing here: local logs do not know it",
        at: key.span, notes: ["the query reads as if it were not there"])
    }
    for account in accounts { binder.warnIfUnknown(account: account) }
    for prefix in prefixes { binder.warnIfUnknown(prefix) { $0.hasPrefix(prefix.value) } }
    binder.read(
      .events,
      ofLogGroups: prefixes.isEmpty ? nil : prefixes.map { escapedGlob($0.value) + "*" }, in: range)
    guard let log = binder.scope.lookUp("@log") else { return }
    let conditions = accounts.map { account in
      BoundExpression.column(log).calling(.startsWith, .literal(.text("\(account.value):")))
    }
    guard let isOfAccount = BoundExpression.joined(conditions, by: .or) else { return }
    binder.plan = .filter(binder.plan, isOfAccount)
  }
}

extension SourceSelection: CustomStringConvertible {
  var description: String {
    var parts: [String] = []
    if let dataSources { parts.append("dataSource(\(Self.list(dataSources)))") }
    if selectsLogGroups {
      var keys: [String] = []
      if !prefixes.isEmpty { keys.append("namePrefix: \(Self.list(prefixes.map(\.value)))") }
      if !accounts.isEmpty {
        keys.append("accountIdentifiers: \(Self.list(accounts.map(\.value)))")
      }
      for (key, values) in foreign
      where Function(rawValue: key.value.lowercased()) == nil {
        keys.append("\(key.value): \(Self.list(values))")
      }
      parts.append("logGroups(\(keys.joined(separator: ", ")))")
    }
    if let tags {
      let written = tags.map { "{key: \(quoted($0.key)), values: \(Self.list($0.values))}" }
      parts.append("logGroupTags([\(written.joined(separator: ", "))])")
    }
    return parts.joined(separator: " ")
  }

  private static func list(_ values: [String]) -> String {
    "[" + values.map(quoted).joined(separator: ", ") + "]"
  }
}
