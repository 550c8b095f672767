import InsightsModel
import InsightsQuery
import InsightsSQL
import InsightsTestSupport
import Testing

@Suite("random and extreme queries")
struct FuzzTests {
  private struct SomeCatalog: Catalog {
    let discoveredFields: Set = ["level", "n", "a.b", "items.0.id"]
  }

  /// Takes a text through every stage but the database; true when it compiles.
  ///
  /// Whatever the text, every message points into it and can be shown; what parses is printed in a
  /// form that parses to the same.
  @discardableResult
  private static func compile(_ text: String) -> Bool {
    let source = SourceText(text)
    let (syntax, syntaxDiagnostics) = Parser.parse(source)
    let (plan, bindingDiagnostics) = Binder.bind(
      syntax, of: source, options: Binder.Options(now: 1_672_628_645_000), catalog: SomeCatalog())
    let diagnostics = syntaxDiagnostics + bindingDiagnostics
    let bounds = 0..<source.bytes.count + 1
    for diagnostic in diagnostics {
      #expect(bounds.contains(diagnostic.span.lowerBound), "\(text)")
      #expect(bounds.contains(diagnostic.span.upperBound), "\(text)")
      #expect(!diagnostic.message.isEmpty)
    }
    #expect(DiagnosticRenderer().render(diagnostics, of: source).isEmpty == diagnostics.isEmpty)
    if !syntaxDiagnostics.contains(where: { $0.severity == .error }) {
      let printed = syntax.description
      let (again, errors) = Parser.parse(SourceText(printed))
      // The printed form has more quotes and parentheses, and may so pass the limit.
      if printed.utf8.count <= Parser.queryByteLimit {
        #expect(!errors.contains { $0.severity == .error }, "\(text)\n\(printed)")
        #expect(again.description == printed)
      }
    }
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return false }
    #expect(!SQLGenerator.generate(plan).text.isEmpty)
    return true
  }

  private static let words =
    CommandRegistry.keywords + FunctionRegistry.all.flatMap { [$0.name] + $0.aliases } + [
      "by", "as", "into", "and", "or", "not", "like", "in", "asc", "desc", "any", "with", "for",
      "offset", "true", "events", "logGroups", "logfmt", "csv", "multi", "p", "maxspan",
    ]

  private static let names = [
    "@timestamp", "@message", "level", "n", "a.b", "items.0.id", "`x y`", "j.`a.b`[0]", "x", "y",
  ]

  private static let literals = [
    "5", "0", "-1", "2.5", "1e9", "99999999999999999999", "5m", "1mo", "300s", "2 hours",
    "\"text\"",
    "''", "\"a * b *\"", "'%Y'", "\"yyyy\"", "'UTC'", "/(?<g>\\w+)/", "/a|b/", "/(/", "[1, \"a\"]",
  ]

  private static let symbols = [
    "|", "|", "|", ",", ",", "(", ")", "(", ")", "[", "]", "=", "==", "!=", "<", ">=", "=~", "+",
    "-",
    "*", "/", "%", "^", "!", ".", ":", "# note\n", "\n", "\"", "'", "`", "\u{0}", "é", "“", "&&",
  ]

  private static func token(_ random: inout SeededGenerator) -> String {
    let kind = [words, names, literals, symbols, symbols].randomElement(using: &random) ?? symbols
    return kind.randomElement(using: &random) ?? "|"
  }

  @Test("random bytes: every stage ends, with messages that point into the text")
  func bytes() {
    var random = SeededGenerator(state: 11)
    for count in Array(repeating: 40, count: 300) + Array(repeating: 400, count: 30) {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      Self.compile(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("random tokens of the language: every stage ends")
  func tokens() {
    var random = SeededGenerator(state: 12)
    for count in Array(repeating: 12, count: 1000) + Array(repeating: 200, count: 30) {
      let tokens = (0..<count).map { _ in Self.token(&random) }
      Self.compile(tokens.joined(separator: Bool.random(using: &random) ? " " : ""))
    }
  }

  @Test("good queries with a token changed, doubled or left out: every stage ends")
  func mutations() {
    var random = SeededGenerator(state: 13)
    let examples =
      CommandRegistry.all.flatMap { $0.descriptor.examples }
      + FunctionRegistry.all.flatMap { $0.exampleQueries.map(\.query) }
    for example in examples {
      #expect(Self.compile(example), "\(example)")
      for _ in 0..<6 {
        let source = SourceText(example)
        var tokens = Lexer.tokens(of: source).tokens.dropLast().map { source[$0.span] }
        let index = Int.random(in: tokens.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: tokens[index] = Self.token(&random)
        case 1: tokens.remove(at: index)
        case 2: tokens.insert(tokens[index], at: index)
        default: tokens.swapAt(index, Int.random(in: tokens.indices, using: &random))
        }
        Self.compile(tokens.joined(separator: " "))
      }
    }
  }

  /// A query of almost as many bytes as one may have: a part again and again.
  struct LongQuery: Sendable, CustomTestStringConvertible {
    var start: String
    var part: String
    var end: String

    var text: String {
      let count =
        (Parser.queryByteLimit - start.utf8.count - end.utf8.count) / part.utf8.count
      return start + String(repeating: part, count: count) + end
    }

    var testDescription: String { "\(start)\(part)…\(end)" }
  }

  private static func filled(_ start: String, _ part: String, _ end: String = "") -> LongQuery {
    LongQuery(start: start, part: part, end: end)
  }

  @Test(
    "queries of 10,000 bytes, deep and wide: every stage ends",
    arguments: [
      filled("", "("), filled("", "["), filled("", "|"), filled("", "\""), filled("", "`"),
      filled("filter ", "("), filled("filter ", "not "), filled("filter ", "!"),
      filled("filter ", "-"), filled("filter ", "["), filled("filter n in [", "1,", "1]"),
      filled("fields ", "abs("), filled("fields ", "if(1,"), filled("fields ", "n,", "n"),
      filled("fields n", "^n"), filled("fields n", " and n"), filled("filter n", "=n"),
      filled("filter n", " like /a/"), filled("filter n", " in [1]"),
      filled("fields jsonParse(@message) as j | fields j", ".a"),
      filled("fields jsonParse(@message) as j | fields j", "[0]"),
      filled("fields jsonParse(@message) as j | sort j", ".`a.b`"),
      filled("fields jsonParse(@message)", "[0]", ".a as x"), filled("fields a", ".b"),
      filled("fields (", "n.a[0].", "x)"), filled("parse @message \"", "*", "\" as x"),
      filled("parse @message /", "(?<a>", "/"), filled("parse @message /", "(", "/"),
      filled("parse @message \"* *\" as ", "a,", "b"), filled("stats count(*) by ", "n,", "n"),
      filled("stats ", "count(*),", "count(*)"), filled("sort ", "n desc,", "n"),
      filled("dedup ", "n,", "n"), filled("fields n", "|fields n"), filled("limit 1", "|limit 1"),
      filled("stats count(*) by n", "|stats count(*) by n"),
      filled("SOURCE ", "'g',", "'g'"), filled("SOURCE logGroups(namePrefix: [", "'g',", "'g'])"),
      filled("filter @message like /", "a{1,9}", "/"), filled("fields ", "#", "\nn"),
      filled("fields regexReplace(n, /", "(a)", "/, 'x')"),
      filled("fields formatDate(n, '", "%Y", "')"), filled("fields parseDate(n, '", "y", "')"),
      filled("fields formatDate(n, '%Y', '", "A/", "A')"), filled("fields \"", "é", "\" as x"),
      filled("fields ", "é", " as x"), filled("fields ", "9"), filled("fields 0.", "9"),
      filled("fields bin(", "9", "s)"), filled("unnest a", ".b", " into c"),
      filled("json ", "\"a.b\" as c,", "\"d\" as e"), filled("filldown ", "a* ", "b"),
      filled("", "é"), filled("", "\u{0}"), filled("", "\n"), filled("", "e\u{301}"),
      filled("fields n | ", "x "),
    ])
  func extreme(query: LongQuery) {
    Self.compile(query.text)
  }

  @Test("a query beyond the limit is refused unread")
  func tooLong() {
    #expect(!Self.compile(String(repeating: "fields n | ", count: 100_000) + "limit 1"))
  }
}
