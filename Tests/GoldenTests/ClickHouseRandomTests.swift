import InsightsEngine
import InsightsModel
import InsightsQuery
import InsightsStore
import InsightsTestSupport
import Testing

/// Random queries over a file and over ClickHouse's own engine.
@Suite(
  "random queries over ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseRandomTests {
  /// Both stores of the same events, whose values have many forms.
  static let stores = Result {
    let folder = try TemporaryFolder()
    let log = try folder.write(lines, to: "some.log")
    let file = "\(folder.path)/some.db"
    _ = try Engine.ingest([log], intoStoreAt: file)
    return (folder, file: file, server: try ClickHouseTests.server.get().upload(storeAt: file))
  }

  private static var lines: String {
    var random = SeededGenerator(state: 20)
    let numbers = [
      "5", "-3.5", "0", "-0", "1e3", "1.50", "007", "9007199254740993", "9223372036854775807",
      "99999999999999999999", "0.1", "\"7\"", "\"1e3\"", "\" 8\"", "\"\"", "true", "false", "null",
      "\"text\"", "\"é\"", "\"n5\"", "[1,2]", "{\"b\":[1]}", "\"1.2.3.4\"", "\"a\\nb\"",
    ]
    // A generator of their own, so that the other values stay as they are.
    var randomLarge = SeededGenerator(state: 21)
    let large = [
      "5", "1e19", "-1e19", "10000000000000000000", "10000000000000000001", "9223372036854775807",
      "-9223372036854775809", "1.2345678901234567e18", "1e300", "4.1e-7", "-6.647128420400007e-36",
      "\"1e19\"", "\"99999999999999999999\"", "99999999999999999999", "\"text\"", "1.5",
    ]
    let levels = [
      "\"ERROR\"", "\"INFO\"", "\"info\"", "\"Ä\"", "\"\"", "\"a1\"", "\"a10\"", "2", "\"2.0\"",
    ]
    var text = ""
    for index in 0..<60 {
      let time = "2023-01-02T03:\(10 + index / 6):0\(index % 3).00\(index % 10)Z"
      guard index % 9 != 8 else {
        text += "\(time) plain text \(numbers.randomElement(using: &random) ?? "") é\n"
        continue
      }
      func one(_ values: [String]) -> String { values.randomElement(using: &random) ?? "1" }
      text +=
        "\(time) {\"level\":\(one(levels)),\"n\":\(one(numbers)),\"a\":{\"b\":\(one(numbers))},\"x y\":\(one(numbers)),\"large\":\(large.randomElement(using: &randomLarge) ?? "1")}\n"
    }
    return text
  }

  /// A value as formats tell it: `1e3` in JSON is the number 1000 in any of its types.
  private static func shown(_ value: Value) -> Value {
    guard case .real(let real) = value, let integer = Int64(exactly: real) else { return value }
    return .integer(integer)
  }

  /// The rows, or what is wrong with the query.
  private static func outcome(_ text: String, _ engine: Engine) throws -> String {
    do {
      let table = try engine.answer(
        SourceText(text), options: Binder.Options(now: 1_672_628_645_000)
      ).table
      let names = table.columns.map { "\($0.name):\($0.type)" }.joined(separator: ",")
      // Places of events are a server's own.
      return ([names] + table.rows.map { "\($0.map(shown))" }).joined(separator: "\n")
        .replacing(#/e[a-p]{32}/#, with: "…")
    } catch let error as QueryError {
      return DiagnosticRenderer().render(error.diagnostics, of: error.source)
    } catch let error as StoreError {
      return "\(error)"
    }
  }

  /// Compares both outcomes of queries; gives how many had rows.
  private static func compare(
    seed: UInt64, count: Int, _ command: (Int, inout SeededGenerator) -> String
  ) throws -> Int {
    let stores = try stores.get()
    let file = try Engine(readingStoreAt: stores.file)
    let server = try Engine(readingStoreAt: stores.server)
    var random = SeededGenerator(state: seed)
    var answeredCount = 0
    for _ in 0..<count {
      let length = Int.random(in: 1...4, using: &random)
      let query = (0..<length).map { command($0, &random) }.joined(separator: " | ")
      let expected = try outcome(query, file)
      if expected.contains(": ") == false || expected.contains("\n[") { answeredCount += 1 }
      let found = try outcome(query, server)
      #expect(found == expected, "\(query)")
    }
    return answeredCount
  }

  @Test("random commands give the same rows as over a file")
  func commands() throws {
    #expect(try Self.compare(seed: 31, count: 150, RandomQueryTests.command) > 40)
  }

  @Test("random commands over several rows and queries give the same rows as over a file")
  func wideCommands() throws {
    #expect(try Self.compare(seed: 32, count: 100, RandomQueryTests.wideCommand) > 25)
  }

  /// A condition, a key or an argument as people write them, of fields and literals of all kinds.
  private static func simple(_ number: Int, _ random: inout SeededGenerator) -> String {
    func one(_ values: [String]) -> String { values.randomElement(using: &random) ?? "n" }
    func field() -> String {
      one(["n", "level", "a.b", "`x y`", "@message", "@timestamp", "nosuch", "@logStream", "@type"])
    }
    func literal() -> String {
      one([
        "5", "-3.5", "0", "1000", "1.5", "9007199254740993", "\"7\"", "\"text\"", "\"ERROR\"",
        "\"\"",
        "\"2.0\"", "\"a10\"", "\"é\"", "\"n5\"", "true", "1672628645000", "1e19",
        "99999999999999999999", "10000000000000000000", "\"99999999999999999999\"", "1e300",
      ])
    }
    func condition() -> String {
      switch Int.random(in: 0..<9, using: &random) {
      case 0, 1, 2: "\(field()) \(one(["=", "!=", "<", "<=", ">", ">="])) \(literal())"
      case 3:
        "\(field()) like \(one(["\"a\"", "/[0-9]+/", "/(?i)e/", "/^\\{/", "/a.b/", "/R$/", "\"%\"", "\"_\""]))"
      case 4: "\(field()) in [\(literal()), \(literal()), \(literal())]"
      case 5: "ispresent(\(field()))"
      case 6: "strlen(\(field())) \(one([">", "="])) \(one(["1", "4"]))"
      case 7: "not (\(condition()))"
      default: "(\(condition())) \(one(["and", "or"])) (\(condition()))"
      }
    }
    func value() -> String {
      one([
        field(), field(), "strlen(\(field()))", "\(field()) * 2", "\(field()) + 0.5",
        "\(field()) / 4",
        "bin(\(one(["1m", "5s", "7d", "1mo"])))", "coalesce(\(field()), \(literal()))",
        "if(\(condition()), \(literal()), \(field()))",
        "datefloor(@timestamp, \(one(["1h", "2w", "3ms"])))",
        "concat(\(field()), \"-\")", "abs(\(field()))", "isempty(\(field()))",
      ])
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: return "filter \(condition())"
    case 2: return "fields \(value()) as f\(number)"
    case 3:
      return
        "parse \(field()) \(one(["\"*:*\" as p\(number), q\(number)", "/(?<p\(number)>\\d+)/", "/\"(?<p\(number)>[a-z]+)\":(?<q\(number)>[^,]*)/"]))"
    case 4:
      let aggregate = one([
        "count", "sum", "avg", "min", "max", "count_distinct", "median", "stddev",
      ])
      return "stats count(*) as c, \(aggregate)(\(value())) as v by \(value()) as k\(number)"
    default:
      return
        "sort \(field()) \(one(["asc", "desc"])) | limit \(Int.random(in: 1...30, using: &random))"
    }
  }

  /// Functions of numbers and of letters, and what aggregates make of them.
  private static func exact(_ number: Int, _ random: inout SeededGenerator) -> String {
    func one(_ values: [String]) -> String { values.randomElement(using: &random) ?? "n" }
    func field() -> String { one(["n", "level", "a.b", "`x y`", "@message", "nosuch"]) }
    func rounded(_ value: String) -> String {
      one([
        "round(\(value))", "round(\(value), \(Int.random(in: 0...8, using: &random)))",
        "floor(\(value))", "ceil(\(value))", "abs(\(value))",
      ])
    }
    func value() -> String {
      let real = "strlen(\(field())) \(one(["*", "/"])) \(one(["0.37", "-7", "3.0001"]))"
      return one([
        rounded(real), rounded("\(rounded(real)) / 8"), rounded("toDouble(strlen(\(field())))"),
        "toInt(\(field()))", "toLong(\(field()))", "toDouble(\(field()))",
        "tolower(\(field()))", "toupper(\(field()))", "urlencode(\(field()))",
        "base64encode(\(field()))",
      ])
    }
    switch Int.random(in: 0..<5, using: &random) {
    case 0:
      return
        "filter \(one(["strcontains(\(field()), \"TeXT\", true)", "strcontains(@message, \"É\", true)", "tolower(level) = \"ä\"", "toLong(n) > 3"]))"
    case 1, 2: return "fields \(value()) as f\(number), \(value()) as g\(number)"
    default:
      let aggregates = (0..<3).map { index in
        let name = one(["sum", "avg", "min", "max", "count_distinct", "median"])
        let percentile = "pct(\(field()), \(one(["0", "5", "33.3", "95", "99.9", "100"])))"
        return "\(one(["\(name)(\(one([field(), value()])))", percentile])) as v\(number)\(index)"
      }
      return "stats \(aggregates.joined(separator: ", ")) by \(value()) as k\(number)"
    }
  }

  /// Numbers from 2^53 and from 2^63 on, written in all ways.
  private static func large(_ number: Int, _ random: inout SeededGenerator) -> String {
    func one(_ values: [String]) -> String { values.randomElement(using: &random) ?? "large" }
    func literal() -> String {
      one([
        "1e19", "10000000000000000000", "10000000000000000001", "\"99999999999999999999\"",
        "9223372036854775808", "-1e19", "1.5", "5", "\"text\"", "9007199254740993", "1e300",
      ])
    }
    func value() -> String {
      one([
        "large", "large", "large", "round(large)", "round(large, 2)", "abs(large)", "floor(large)",
        "toLong(large)", "toDouble(large)", "large / 4", "large + 0.5", "-large", "large * 3",
        "concat(large, \"!\")", "strlen(large)", "coalesce(large, \(literal()))",
        "if(large > 5, large, \(literal()))", "large % 7", "greatest(large, n)",
      ])
    }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return "filter large \(one(["=", "!=", "<", ">="])) \(literal())"
    case 1:
      return
        "filter \(one(["", "not "]))(\(value()) in [\(literal()), \(literal()), \(literal())])"
    case 2: return "fields \(value()) as f\(number), \(value()) as g\(number)"
    case 3:
      return "sort large \(one(["asc", "desc"])) | limit \(Int.random(in: 5...40, using: &random))"
    default:
      let aggregate = one([
        "count", "sum", "avg", "min", "max", "count_distinct", "median", "sortsFirst", "latest",
      ])
      return "stats count(*) as c, \(aggregate)(\(value())) as v by \(value()) as k\(number)"
    }
  }

  @Test("numbers beyond 2^53 and 2^63 give the same rows as over a file")
  func largeNumbers() throws {
    #expect(try Self.compare(seed: 36, count: 300, Self.large) > 100)
  }

  @Test("functions of numbers and letters give the same rows as over a file")
  func exactFunctions() throws {
    #expect(try Self.compare(seed: 35, count: 300, Self.exact) > 100)
  }

  @Test("queries as people write them give the same rows as over a file")
  func simpleQueries() throws {
    #expect(try Self.compare(seed: 33, count: 400, Self.simple) > 200)
  }

  /// A command behind others: over groups with the figures `c` and `v` and the key `k`, the first rows, or rows that
  /// differ.
  private static func staged(_ number: Int, _ random: inout SeededGenerator) -> String {
    func one(_ values: [String]) -> String { values.randomElement(using: &random) ?? "n" }
    func field() -> String {
      one(["n", "level", "a.b", "`x y`", "@message", "@timestamp", "@logStream", "c", "v", "k"])
    }
    func value() -> String {
      one([
        field(), field(), "\(field()) * 2", "\(field()) - n", "c / 3", "strlen(\(field()))",
        "concat(\(field()), \"-\", v)",
        "substr(@message, 1, \(Int.random(in: 0...40, using: &random)))",
        "trim(level)", "ltrim(\(field()), \"{n\")", "replace(\(field()), \"e\", \"EE\")", "abs(v)",
        "floor(c / 2)", "c % 3", "-v", "if(c > 2, k, v)", "coalesce(k, v, level)",
        "md5(\(field()))",
        "isblank(\(field()))", "bin(20s)", "v * v", "9007199254740993 + c",
      ])
    }
    func key() -> String { one(["level", "n", "`x y`", "bin(1m)", "strlen(@message)", "k", "c"]) }
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1:
      return
        "filter \(field()) \(one(["=", "!=", "<", ">=", "like"])) \(one(["\"ERROR\"", "2", "\"1\"", "\"a\""]))"
    case 2: return "fields \(value()) as \(one(["f\(number)", "k", "v"]))"
    case 3, 4:
      let aggregate = one([
        "count", "sum", "avg", "min", "max", "count_distinct", "median", "sortsFirst", "sortsLast",
        "earliest", "latest",
      ])
      return "stats count(*) as c, \(aggregate)(\(one([field(), value()]))) as v by \(key()) as k"
    case 5, 6: return "sort \(field()) \(one(["asc", "desc"])), \(field()) \(one(["asc", "desc"]))"
    case 7, 8: return "limit \(Int.random(in: 1...30, using: &random))"
    default: return "dedup \(one([field(), field() + ", " + field()]))"
    }
  }

  @Test("commands behind groups and limits give the same rows as over a file")
  func stagedQueries() throws {
    #expect(try Self.compare(seed: 34, count: 500, Self.staged) > 150)
  }
}
