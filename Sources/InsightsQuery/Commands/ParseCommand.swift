internal import InsightsModel
internal import InsightsText

/// `parse` cuts new fields out of a text, with a glob or the named groups of a regex.
///
/// Events that do not match stay, without the fields.
public struct ParseCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "parse",
    synopsis:
      "parse [<field>] \"<glob>\" as <name>, … | parse [<field>] /<regex>/ | parse <field> logfmt as <name> | parse <field> csv as <name>, …",
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

  private enum Pattern {
    case glob(String, SourceSpan)
    case regex(String, SourceSpan)
    /// The pairs of the text as a map.
    case logfmt(SourceSpan)
    /// The fields of a row of comma-separated values.
    case csv(SourceSpan)
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
    case .regex(let regex): pattern = .regex(regex, token.span)
    case .word(let mode) where mode.lowercased() == "logfmt": pattern = .logfmt(token.span)
    case .word(let mode) where mode.lowercased() == "csv": pattern = .csv(token.span)
    case .word(let mode) where mode.lowercased() == "xml":
      parser.report(
        "unsupported-parse-mode", "'parse … \(mode)' is not supported yet", at: token.span,
        help: ["use a glob or a regex"])
      return nil
    default:
      parser.reportUnexpected(expected: "\"glob\" or /regex/")
      return nil
    }
    parser.advance()
    if parser.takeKeyword("as") {
      guard let names = parser.parseList(of: { $0.parseName("a name for the field") }) else {
        return nil
      }
      self.names = names
    } else {
      names = []
    }
    if parser.current.isKeyword("multi") {
      parser.report(
        "unsupported-parse-mode", "'parse … multi' is not supported yet", at: parser.current.span)
      return nil
    }
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    let source = field ?? Spanned("@message", span)
    guard let text = binder.lookUp(source), let captures = captures(in: &binder) else {
      for name in definedNames { binder.assume(name) }
      return
    }
    binder.define(
      captures.map { capture in
        let pattern = capture.pattern.map { [BoundExpression.literal(.text($0))] } ?? []
        let call = BoundExpression.call(
          capture.callee,
          [.column(text)] + pattern + [.literal(.integer(capture.number))])
        return (capture.name, call)
      })
  }

  private struct Capture {
    var name: Spanned<String>
    var callee: BoundExpression.Callee
    /// What is matched, where the callee takes it.
    var pattern: String?
    var number: Int64
  }

  private func captures(in binder: inout Binder) -> [Capture]? {
    switch pattern {
    case .glob(let glob, let span):
      let count = GlobPattern(glob).captureCount
      guard count == names.count, count > 0 else {
        binder.report(
          "capture-count",
          "glob has \(counted(count, "'*'")), but \(counted(names.count, "name")) after 'as'",
          at: span,
          help: ["each '*' takes one name: parse @message \"user=* action=*\" as user, action"])
        return nil
      }
      let callee = BoundExpression.Callee(name: "glob", type: .text, sql: "ql_glob({0}, {1}, {2})")
      return names.enumerated().map { index, name in
        Capture(name: name, callee: callee, pattern: glob, number: Int64(index + 1))
      }
    case .logfmt(let span):
      guard names.count == 1 else {
        reportNameCount("'logfmt' gives one map", at: span, in: &binder)
        return nil
      }
      let callee = BoundExpression.Callee(name: "logfmt", type: .structure, sql: "ql_logfmt({0})")
      return [Capture(name: names[0], callee: callee, pattern: nil, number: 1)]
    case .csv(let span):
      guard !names.isEmpty else {
        reportNameCount("'csv' gives one field for each name", at: span, in: &binder)
        return nil
      }
      let callee = BoundExpression.Callee(name: "csv", type: .text, sql: "ql_csv({0}, {1})")
      return names.enumerated().map { index, name in
        Capture(name: name, callee: callee, pattern: nil, number: Int64(index + 1))
      }
    case .regex(let regex, let span):
      guard let groups = binder.groups(ofRegex: regex, at: span) else { return nil }
      let callee = BoundExpression.Callee(
        name: "capture", type: .text, sql: "ql_capture({0}, {1}, {2})")
      let named = groups.enumerated().compactMap { index, name in
        name.map {
          Capture(name: Spanned($0, span), callee: callee, pattern: regex, number: Int64(index + 1))
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
        Capture(name: name, callee: callee, pattern: regex, number: Int64(index + 1))
      }
    }
  }

  private func reportNameCount(
    _ reason: String, at span: SourceSpan, in binder: inout Binder
  ) {
    binder.report(
      "capture-count", "\(reason), \(counted(names.count, "name")) given", at: span,
      help: ["parse @message logfmt as pairs", "parse @message csv as first, second"])
  }

  public var definedNames: [String] {
    guard names.isEmpty, case .regex(let regex, _) = pattern,
      let compiled = try? RegularExpression(pattern: regex)
    else { return names.map(\.value) }
    return compiled.captureNames.compactMap { $0 }
  }

  public var description: String {
    var text = "parse "
    if let field { text += printedName(field.value) + " " }
    switch pattern {
    case .glob(let glob, _): text += quoted(glob)
    case .regex(let regex, _): text += printedRegex(regex)
    case .logfmt: text += "logfmt"
    case .csv: text += "csv"
    }
    if !names.isEmpty {
      text += " as " + names.map { printedName($0.value) }.joined(separator: ", ")
    }
    return text
  }
}

/// `1 name`, `2 names`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
