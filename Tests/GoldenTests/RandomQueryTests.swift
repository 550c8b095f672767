import InsightsEngine
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("random queries")
struct RandomQueryTests {
  private static let words =
    CommandRegistry.keywords + FunctionRegistry.all.flatMap { [$0.name] + $0.aliases } + grammar

  private static let grammar = [
    "fields", "display", "filter", "where", "stats", "sort", "limit", "parse", "dedup", "SOURCE",
    "head", "any", "by", "as", "and", "or", "not", "like", "in", "asc", "desc", "true", "false",
    "multi",
    "|", "|", "|", ",", ",", "(", ")", "(", ")", "[", "]", "=", "!=", "<", ">=", "=~", "+", "-",
    "*", "/", "%", "^", "!", ":", "count", "sum", "max", "pct", "bin", "if", "case", "concat",
    "strlen", "coalesce", "latest", "datefloor", "isempty", "events", "errors", "@timestamp",
    "@message", "level", "Level", "a.b.0", "`x y`", "n", "5", "0", "-1", "2.5", "1e9",
    "99999999999",
    "5m", "1mo", "300s", "\"text\"", "\"\"", "'*'", "\"a * b *\"", "/(?<g>\\w+)/", "/a|b/", "/(/",
    "# note\n", "\n", "“", "\"", "`", "\u{0}", "é", "&&",
  ]

  /// Functions of single rows that take any value, with how many.
  private static let scalars = FunctionRegistry.all.filter { !$0.isAggregate }.map {
    (name: $0.name, argumentCount: $0.signature.split(separator: ",").count)
  }

  /// An expression that parses; its types may be nonsense.
  private static func expression(_ depth: Int, _ random: inout SeededGenerator) -> String {
    func inner() -> String { expression(depth - 1, &random) }
    let leaves = [
      "level", "n", "@timestamp", "@message", "a.b", "`x y`", "5", "-2.5", "0", "\"text\"",
      "\"7\"", "true", "nosuch",
    ]
    guard depth > 0 else { return leaves.randomElement(using: &random) ?? "n" }
    switch Int.random(in: 0..<16, using: &random) {
    case 0, 1: return leaves.randomElement(using: &random) ?? "n"
    case 2: return "(\(inner()))"
    case 3: return "not \(inner())"
    case 4: return "-\(inner())"
    case 5: return "\(inner()) in [1, \"a\", -3, \"2.0\"]"
    case 6: return "\(inner()) not like /a+|[0-9]/"
    case 7: return "bin(\(inner()), 1mo)"
    case 8:
      let function =
        ["concat", "coalesce", "greatest", "least"].randomElement(using: &random) ?? "concat"
      return "\(function)(\(inner()), \(inner()))"
    case 9:
      let function =
        ["strlen", "abs", "toupper", "isempty", "sqrt", "fromMillis", "isValidIp", "trim"]
        .randomElement(using: &random) ?? "abs"
      return "\(function)(\(inner()))"
    case 10: return "case(\(inner()), \(inner()), \(inner()))"
    case 11: return "jsonParse(\(inner())).a[0]"
    case 12, 13, 14:
      let function = scalars.randomElement(using: &random) ?? ("abs", 1)
      let arguments = (0..<function.argumentCount).map { _ in inner() }
      return "\(function.name)(\(arguments.joined(separator: ", ")))"
    default:
      let op =
        ["+", "-", "*", "/", "%", "^", "=", "!=", "<", ">=", "and", "or"]
        .randomElement(using: &random) ?? "+"
      return "\(inner()) \(op) \(inner())"
    }
  }

  static func command(_ number: Int, _ random: inout SeededGenerator) -> String {
    let depth = Int.random(in: 0...3, using: &random)
    switch Int.random(in: 0..<13, using: &random) {
    case 0: return "fields \(expression(depth, &random)) as f\(number)"
    case 1: return "filter \(expression(depth, &random))"
    case 2: return "sort n desc, level"
    case 3: return "limit \(Int.random(in: 0...9, using: &random))"
    case 4:
      return "stats count(*) as n, max(\(expression(depth, &random))) as level by "
        + "\(expression(depth, &random)) as k\(number)"
    case 5: return "parse @message \"* *\" as p\(number), q\(number)"
    case 6: return "display n, \(expression(depth, &random)) as f\(number)"
    case 7: return "dedup level, n"
    case 8: return "fields split(level, \"R\") as l\(number) | unnest l\(number) into e\(number)"
    case 9:
      return
        "fields jsonParse(@message) as j\(number) | filter j\(number).a.b[0] = \(expression(depth, &random))"
    case 10:
      let aggregate =
        ["values", "rate", "earliest", "sortsLast", "stddev", "count_distinct", "median"]
        .randomElement(using: &random) ?? "values"
      return "stats \(aggregate)(\(expression(depth, &random))) as n by bin(1m) as level"
    case 11: return "sort n | accum n as sum\(number)"
    default: return "stats sum(\(expression(depth, &random))) as n, latest(level) as level"
    }
  }

  /// A command that looks at other rows than its own, or at another query.
  static func wideCommand(_ number: Int, _ random: inout SeededGenerator) -> String {
    func inner() -> String {
      let count = Int.random(in: 1...3, using: &random)
      return (0..<count).map { command(number * 10 + $0, &random) }.joined(separator: " | ")
    }
    switch Int.random(in: 0..<17, using: &random) {
    case 11: return "outlier uselower=true mark=true n level"
    case 12: return "outlier action=remove param=0.5 n"
    case 13: return "parse @message /(?<g\(number)>\\d+)|(?<@h\(number)>\\w)/ multi"
    case 14: return "relevantfields level, n where \(expression(2, &random))"
    case 15: return "estimate"
    case 0: return "join left=a right=b where a.n = b.n (SOURCE events)"
    case 1:
      return "join type=left left=a right=b where a.level = b.level and a.n = b.n (\(inner()))"
    case 2: return "appendcols override=\(Bool.random(using: &random)) (\(inner()))"
    case 3: return "filter n in (\(inner()) | display n)"
    case 4:
      return
        "fields not (level not in (SOURCE errors | fields kind)) and n in (fields n) as s\(number)"
    case 5: return "accum n"
    case 6: return "filldown"
    case 7: return "autoregress n p=1-3"
    case 8: return "addtotals col=true"
    case 9: return "countFrequent level, n"
    case 10: return "fields split(level, \"R\") as l\(number) | unnest l\(number) into e\(number)"
    default: return command(number, &random)
    }
  }

  private static func withEngine(_ body: (Engine) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(
      """
      2023-01-02T03:04:05.000Z {"level":"ERROR","n":5,"a":{"b":[1]},"x y":"7"}
      2023-01-02T03:04:06.000Z {"level":"INFO","n":"-3.5","Level":true}
      2023-01-02T03:04:07.000Z plain text 9223372036854775807

      """, to: "some.log")
    _ = try Engine.ingest([log], intoStoreAt: "\(folder.path)/some.db")
    try body(try Engine(readingStoreAt: "\(folder.path)/some.db"))
  }

  /// Compiles a query and, where that succeeds, runs it: no query may fail then.
  private static func run(_ text: String, on engine: Engine) -> Bool {
    do {
      _ = try engine.answer(SourceText(text), options: Binder.Options(now: 1_672_628_645_000))
      return true
    } catch let error as QueryError {
      let rendered = DiagnosticRenderer().render(error.diagnostics, of: error.source)
      #expect(rendered.contains("error: "), "\(text)")
      return false
    } catch {
      Issue.record("\(text)\n\(error)")
      return false
    }
  }

  @Test("random bytes never crash a stage")
  func bytes() throws {
    var random = SeededGenerator(state: 1)
    let alphabet =
      Array("|,()[]=<>!+-*/%^`'\"# \n\t\\@._ab5m".utf8) + [0, 27, 0xC3, 0xA9, 0xE2, 0xFF]
    try Self.withEngine { engine in
      for _ in 0..<400 {
        let count = Int.random(in: 0..<80, using: &random)
        let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        let prefix = ["", "filter ", "fields ", "stats ", "parse "].randomElement(using: &random)
        _ = Self.run((prefix ?? "") + String(decoding: bytes, as: UTF8.self), on: engine)
      }
    }
  }

  @Test("random words never crash a stage, and what compiles runs")
  func words() throws {
    var random = SeededGenerator(state: 2)
    try Self.withEngine { engine in
      for _ in 0..<800 {
        let count = Int.random(in: 0..<24, using: &random)
        let words = (0..<count).map { _ in Self.words.randomElement(using: &random) ?? "" }
        _ = Self.run(words.joined(separator: " "), on: engine)
      }
    }
  }

  @Test("random commands that compile run")
  func commands() throws {
    var random = SeededGenerator(state: 3)
    var compiledCount = 0
    try Self.withEngine { engine in
      for _ in 0..<400 {
        let count = Int.random(in: 1...6, using: &random)
        let commands = (0..<count).map { Self.command($0, &random) }
        if Self.run(commands.joined(separator: " | "), on: engine) { compiledCount += 1 }
      }
    }
    // A test that only ever met errors would prove nothing.
    #expect(compiledCount > 100)
  }

  @Test("random commands over several rows and queries that compile run")
  func wideCommands() throws {
    var random = SeededGenerator(state: 4)
    var compiledCount = 0
    try Self.withEngine { engine in
      for _ in 0..<400 {
        let count = Int.random(in: 1...5, using: &random)
        let commands = (0..<count).map { Self.wideCommand($0, &random) }
        if Self.run(commands.joined(separator: " | "), on: engine) { compiledCount += 1 }
      }
    }
    #expect(compiledCount > 100)
  }

  private static func repeated(_ text: String, _ count: Int, by separator: String) -> String {
    Array(repeating: text, count: count).joined(separator: separator)
  }

  private static func numbered(
    _ range: Range<Int>, by separator: String, _ text: (Int) -> String
  ) -> String {
    range.map(text).joined(separator: separator)
  }

  private static func nested(_ open: String, _ count: Int) -> String {
    String(repeating: open, count: count) + "n" + String(repeating: ")", count: count)
  }

  /// Queries near the limits of the language, each in another direction.
  private static let extremes: [String] = [
    "filter " + repeated("n=5", 250, by: " or "),
    "filter " + repeated("n", 480, by: " and "),
    "fields " + repeated("n", 480, by: " + ") + " as x",
    "fields " + nested("concat(\"a\", ", 11) + " as x | stats count(*) as c by x | sort x",
    "fields " + nested("abs(", 17) + " as x | sort x",
    repeated("filter n = 5", 490, by: "|"),
    repeated("limit 9", 490, by: "|"),
    repeated("filter n=5|limit 9", 240, by: "|"),
    numbered(1..<200, by: "|") { "fields trim(f\($0 - 1)) as f\($0)" },
    "fields " + numbered(1..<200, by: ",") { "concat(f\($0 - 1), \"x\") as f\($0)" },
    "fields " + numbered(0..<1000, by: ",") { "g\($0)" },
    "stats count(*) as c by " + numbered(0..<900, by: ",") { "g\($0)" },
    "fields concat(" + numbered(0..<100, by: ",") { "g\($0)" } + ") as x",
    "fields case("
      + numbered(0..<10, by: ",") { "n=\($0)," + nested("concat(\"a\", ", 9) } + ") as x",
    "filter n in [" + numbered(0..<1500, by: ",") { "\($0)" } + "]",
    "filter level in [" + numbered(0..<1200, by: ",") { "\"\($0)x\"" } + "]",
    "filter " + repeated("n in [5]", 100, by: " or "),
    "filter n" + repeated(" in [1]", 10, by: ""),
  ]

  @Test("a query near the limits of the language compiles and runs", arguments: extremes)
  func extreme(query: String) throws {
    try Self.withEngine { engine in
      #expect(Self.run(query, on: engine))
    }
  }
}
