internal import InsightsModel
internal import InsightsText

/// `parse` extracts fields from a text, with a glob or the named groups of a regex.
///
/// Events that do not match are kept, without the fields.
public struct ParseCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "parse",
    synopsis:
      "parse [<field>] \"<glob>\" as <name>, … | parse [<field>] /<regex>/ [multi] | parse <field> logfmt as <name> | parse <field> csv as <name>, … | parse <field> xml '<path>', … as <name>, …",
    summary:
      "Cuts fields out of a text: a '*' of the glob, or a named group of the regex, is a field.",
    examples: [
      "parse @message \"Task timed out after * seconds\" as seconds | filter ispresent(seconds)",
      "parse @message /Duration: (?<ms>[0-9.]+) ms/ | stats max(ms) by @log",
    ])

  public let span: SourceSpan
  private let field: Spanned<String>?
  private let pattern: Pattern
  private let names: [Spanned<String>]
  /// Whether every match becomes a row.
  private let isMulti: Bool

  private enum Pattern {
    case glob(String, SourceSpan)
    case regex(String, SourceSpan)
    /// The pairs of the text as a map.
    case logfmt(SourceSpan)
    /// The fields of a row of comma-separated values.
    case csv(SourceSpan)
    /// Parts of an XML text.
    case xml([Spanned<String>], SourceSpan)
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    switch parser.current.kind {
    case .string, .regex: field = nil
    default:
      guard let name = parser.parseField("a field, \"glob\" or /regex/") else { return nil }
      field = name
    }
    let token = parser.current
    switch token.kind {
    case .string(let glob): pattern = .glob(glob, token.span)
    case .regex(let regex): pattern = .regex(GroupNames.readable(regex), token.span)
    case .word(let mode) where mode.lowercased() == "logfmt": pattern = .logfmt(token.span)
    case .word(let mode) where mode.lowercased() == "csv": pattern = .csv(token.span)
    case .word(let mode) where mode.lowercased() == "xml":
      parser.advance()
      guard let paths = Self.parsePaths(&parser) else { return nil }
      pattern = .xml(paths, token.span)
    default:
      parser.reportUnexpected(expected: "\"glob\" or /regex/")
      return nil
    }
    if case .xml = pattern {} else { parser.advance() }
    if parser.takeKeyword("as") {
      guard let names = parser.parseList(of: { $0.parseName("a name for the field") }) else {
        return nil
      }
      self.names = names
    } else {
      names = []
    }
    let multi = parser.current
    isMulti = parser.takeKeyword("multi")
    if isMulti {
      guard case .regex = pattern else {
        parser.report(
          "multi-without-regex", "'multi' goes with a regex only", at: multi.span,
          help: ["write: parse @message /(?<name>…)/ multi"])
        return nil
      }
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  /// Parses `'/a/b', …`.
  private static func parsePaths(_ parser: inout Parser) -> [Spanned<String>]? {
    parser.parseList { parser -> Spanned<String>? in
      let token = parser.current
      guard case .string(let path) = token.kind else {
        parser.reportUnexpected(expected: "a path in quotes, such as '/Event/System/EventID'")
        return nil
      }
      parser.advance()
      return Spanned(path, token.span)
    }
  }

  public func bind(in binder: inout Binder) {
    let source = field ?? Spanned("@message", span)
    guard let text = binder.lookUp(source), let captures = captures(in: &binder) else {
      for name in definedNames { binder.assume(name) }
      return
    }
    if isMulti, let pattern = captures.first?.pattern {
      bindEveryMatch(of: pattern, in: text, captures, &binder)
      return
    }
    binder.define(
      captures.map { capture in
        let pattern = capture.pattern.map { [BoundExpression.literal(.text($0))] } ?? []
        let call = BoundExpression.call(
          capture.function,
          [.column(text)] + pattern + (capture.number.map { [.literal(.integer($0))] } ?? []))
        return (capture.name, call)
      })
  }

  /// Makes a row of each match; a row without one is kept.
  private func bindEveryMatch(
    of regex: String, in text: PlanColumn, _ captures: [Capture], _ binder: inout Binder
  ) {
    let match = binder.intermediate("match", of: PlanColumn(captures[0].name.value, .any), .element)
    let matches = BoundExpression.column(text).calling(.captures, .literal(.text(regex)))
    binder.unnest(matches, into: match, keepsEmpty: true, for: "parse … multi")
    binder.define(
      captures.map { capture in
        (
          capture.name,
          BoundExpression.column(match).calling(
            .textElement, .literal(.text(String((capture.number ?? 1) - 1))))
        )
      })
  }

  private struct Capture {
    var name: Spanned<String>
    var function: FunctionID
    /// The pattern argument, if the function takes one.
    var pattern: String?
    /// The number of the capture, from 1, if there are several.
    var number: Int64?
  }

  private func captures(in binder: inout Binder) -> [Capture]? {
    switch pattern {
    case .glob(let glob, let span):
      let count = GlobPattern(glob).captureCount
      if count == 0, names.count == 1 {
        return captureRest(behind: glob, at: span, in: &binder)
      }
      guard count == names.count, count > 0 else {
        binder.report(
          "capture-count",
          "glob has \(counted(count, "'*'")), but \(counted(names.count, "name")) after 'as'",
          at: span,
          help: ["each '*' takes one name: parse @message \"user=* action=*\" as user, action"])
        return nil
      }
      return names.enumerated().map { index, name in
        Capture(name: name, function: .glob, pattern: glob, number: Int64(index + 1))
      }
    case .logfmt(let span):
      guard names.count == 1 else {
        reportNameCount("'logfmt' gives one map", at: span, in: &binder)
        return nil
      }
      return [Capture(name: names[0], function: .logfmt)]
    case .csv(let span):
      guard !names.isEmpty else {
        reportNameCount("'csv' gives one field for each name", at: span, in: &binder)
        return nil
      }
      return names.enumerated().map { index, name in
        Capture(name: name, function: .csv, number: Int64(index + 1))
      }
    case .xml(let paths, let span):
      guard paths.count == names.count else {
        reportNameCount("'xml' gives \(counted(paths.count, "field"))", at: span, in: &binder)
        return nil
      }
      for path in paths where !checkPath(path, in: &binder) { return nil }
      return zip(names, paths).map { Capture(name: $0, function: .xml, pattern: $1.value) }
    case .regex(let regex, let span):
      guard let groups = binder.groups(ofRegex: regex, at: span) else { return nil }
      let named = groups.enumerated().compactMap { index, name in
        name.map {
          Capture(
            name: Spanned(GroupNames.original($0), span), function: .capture, pattern: regex,
            number: Int64(index + 1))
        }
      }
      if names.isEmpty, !named.isEmpty { return named }
      guard named.isEmpty, names.count == groups.count, !names.isEmpty else {
        let message =
          if names.isEmpty {
            "regex has no named group"
          } else if !named.isEmpty {
            "regex names its groups, but names follow after 'as' too"
          } else {
            "regex has \(counted(groups.count, "group")), but \(counted(names.count, "name")) after 'as'"
          }
        binder.report(
          "capture-count", message, at: span, help: ["name each group in the regex: (?<name>…)"])
        return nil
      }
      return names.enumerated().map { index, name in
        Capture(name: name, function: .capture, pattern: regex, number: Int64(index + 1))
      }
    }
  }

  /// A glob without a '*' extracts the text after it, as in AWS's sample for Aurora.
  private func captureRest(
    behind text: String, at span: SourceSpan, in binder: inout Binder
  ) -> [Capture] {
    binder.warn(
      "glob-without-star", "glob has no '*'; '\(names[0].value)' is what follows its text",
      at: span,
      help: ["write: \(quoted(text + "*"))"])
    return [Capture(name: names[0], function: .glob, pattern: text + "*", number: 1)]
  }

  private func checkPath(_ path: Spanned<String>, in binder: inout Binder) -> Bool {
    do {
      _ = try XMLPath(path.value)
      return true
    } catch {
      binder.report(
        "malformed-path", "path cannot be read: \(error.message)", at: path.span,
        notes: [
          error.offset >= path.value.utf8.count
            ? "the fault is at its end"
            : "the fault is at: \(String(decoding: path.value.utf8.dropFirst(error.offset), as: UTF8.self))"
        ],
        help: ["paths look like: '/Event/System/EventID', '//Data[@Name=\"user\"]', '//Data/@Name'"]
      )
      return false
    }
  }

  private func reportNameCount(
    _ reason: String, at span: SourceSpan, in binder: inout Binder
  ) {
    binder.report(
      "capture-count", "\(reason), \(counted(names.count, "name")) given", at: span,
      help: [
        "parse @message logfmt as pairs", "parse @message csv as first, second",
        "parse @message xml '/a/b' as b",
      ])
  }

  public var regexes: [Spanned<String>] {
    if case .regex(let regex, let span) = pattern { [Spanned(regex, span)] } else { [] }
  }

  public var definedNames: [String] {
    guard names.isEmpty, case .regex(let regex, _) = pattern,
      let compiled = try? RegularExpression(pattern: regex)
    else { return names.map(\.value) }
    return compiled.captureNames.compactMap { $0.map(GroupNames.original) }
  }

  public var description: String {
    var text = "parse "
    if let field { text += printedName(field.value) + " " }
    switch pattern {
    case .glob(let glob, _): text += quoted(glob)
    case .regex(let regex, _): text += printedRegex(GroupNames.written(regex))
    case .logfmt: text += "logfmt"
    case .csv: text += "csv"
    case .xml(let paths, _): text += "xml " + paths.map { quoted($0.value) }.joined(separator: ", ")
    }
    if !names.isEmpty {
      text += " as " + names.map { printedName($0.value) }.joined(separator: ", ")
    }
    if isMulti { text += " multi" }
    return text
  }
}

/// `1 name`, `2 names`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
