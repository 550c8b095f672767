import InsightsModel
import InsightsQuery
import Testing

@Suite("SQL generator")
struct SQLGeneratorTests {
  private func sql(_ text: String) -> String {
    let query = BoundQuery(text)
    #expect(query.ids.isEmpty)
    return query.statement.text
  }

  @Test("SQL: names cannot leave their quotes")
  func names() {
    let text = sql("fields `a\"b`, `\"; DROP TABLE events; --`, `c\"\u{301}d`")
    #expect(
      text.hasPrefix("SELECT \"a\"\"b\", \"\"\"; DROP TABLE events; --\", \"c\"\"\u{301}d\"\n"))
  }

  @Test("SQL: names that SQLite cannot hold are called otherwise")
  func impossibleNames() {
    let statement = BoundQuery("fields \"a\0b\", `true`, `FALSE`, 1 as `x` | sort `true`").statement
    #expect(!statement.text.unicodeScalars.contains("\0"))
    #expect(!statement.text.lowercased().contains("\"true\""))
    #expect(!statement.text.lowercased().contains("\"false\""))
    #expect(statement.columns.map(\.name) == ["\"a\0b\"", "true", "FALSE", "x"])
  }

  @Test("SQL: text of the query becomes bindings, equal ones share one")
  func bindings() {
    let statement = BoundQuery("filter a = \"x' OR 1\" or b like \"x' OR 1\" or c =~ /y/").statement
    #expect(statement.bindings == [.text("x' OR 1"), .text("y")])
    #expect(!statement.text.contains("OR 1"))
  }

  @Test("SQL: names that differ only in case are different columns")
  func caseOfNames() {
    let statement = BoundQuery("fields Level, level, LEVEL as lEVEL").statement
    let columns = statement.relations.first?.columns ?? []
    #expect(Set(columns.map(\.field)).isSuperset(of: ["Level", "level", "LEVEL"]))
    let names = columns.map { $0.name.lowercased() }
    #expect(Set(names).count == names.count)
    #expect(statement.columns.map(\.name) == ["Level", "level", "lEVEL"])
  }

  @Test("SQL: only the columns that are used are read")
  func columns() {
    let statement = BoundQuery("fields a as b | filter c = 1 | stats count(*) as n by b").statement
    #expect(statement.relations.map(\.name) == ["events"])
    #expect(Set(statement.relations.flatMap { $0.columns.map(\.field) }) == ["a", "c"])
  }

  @Test("SQL: chains of operators have one pair of parentheses")
  func chains() {
    #expect(sql("filter a = 1 or b or c or d").contains("OR ql_truth(\"b\") OR ql_truth(\"c\") OR"))
    #expect(sql("fields 1 + 2 + 3 as x").contains("(1 + 2 + 3)"))
    #expect(sql("fields 1 - (2 - 3) as x").contains("(1 - (2 - 3))"))
    #expect(sql("fields 1 - 2 + 3 as x").contains("((1 - 2) + 3)"))
  }

  @Test("SQL: long chains are grouped where that changes nothing")
  func longChains() {
    func parts(_ count: Int) -> String { (1...count).map { "f\($0)" }.joined(separator: " or ") }
    #expect(!sql("filter \(parts(50))").contains(") OR ("))
    #expect(sql("filter \(parts(120))").components(separatedBy: ") OR (").count == 3)
    let sum = (1...120).map { "f\($0)" }.joined(separator: " + ")
    #expect(!sql("fields \(sum) as x").contains(") + ("))
  }

  @Test("SQL: arguments beyond what a function takes are folded")
  func manyArguments() {
    func calls(_ count: Int) -> Int {
      let names = (1...count).map { "f\($0 % 500)" }.joined(separator: ", ")
      return sql("fields concat(\(names)) as x").components(separatedBy: "ql_concat(").count - 1
    }
    #expect(calls(100) == 1)
    #expect(calls(101) == 2)
    #expect(calls(1000) == 11)
  }

  @Test("SQL: an empty list holds nothing, and what is missing is not outside it")
  func emptyList() {
    #expect(sql("filter a in []").contains("(\"a\" <> \"a\")"))
  }

  @Test("SQL: a clause that comes too late for a SELECT opens the next step")
  func steps() {
    func stepCount(_ text: String) -> Int { sql(text).components(separatedBy: " AS (\n").count - 1 }
    #expect(stepCount("filter a = 1 | fields b + 1 as c | sort c | limit 5") == 0)
    #expect(stepCount("limit 5 | filter a = 1") == 1)
    #expect(stepCount("stats count(*) as n by a | filter n > 1 | sort n") == 0)
    #expect(stepCount("stats count(*) as n by a | stats max(n) as m by a | stats max(m) as o") == 2)
    #expect(stepCount("dedup a") == 1)
    #expect(stepCount("limit 9 | dedup a | limit 5") == 2)
  }

  @Test("SQL: what nests deep goes on in the next step")
  func nesting() {
    let fields = (1...30).map { "fields concat(\"x\", f\($0 - 1)) as f\($0)" }
      .joined(separator: " | ")
    let text = sql(fields)
    #expect(text.hasPrefix("WITH \"step 1\" AS ("))
    let deepest = text.split(separator: "\n").map { $0.filter { $0 == "(" }.count }.max() ?? 0
    #expect(deepest < 100)
  }

  @Test("SQL: the time range and the log groups are conditions of the scan")
  func scan() {
    let options = Binder.Options(
      timeRange: TimeRange(start: 10, end: 20), logGroups: ["/aws/*", "/b"])
    let statement = BoundQuery("stats count(*) as n", options: options).statement
    #expect(
      statement.text == """
        SELECT count(*) AS "n"
        FROM "events"
        WHERE "@timestamp" >= 10
          AND "@timestamp" < 20
          AND (("@logGroup" GLOB ?1) OR ("@logGroup" GLOB ?2))
        HAVING count(*) > 0
        LIMIT 10000
        """)
    #expect(statement.bindings == [.text("/aws/*"), .text("/b")])
  }
}

extension String {
  /// The parts between occurrences of a separator.
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var parts: [Substring] = []
    var start = startIndex
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(separator) {
        parts.append(self[start..<index])
        index = self.index(index, offsetBy: separator.count)
        start = index
      } else {
        index = self.index(after: index)
      }
    }
    return parts + [self[start...]]
  }
}
