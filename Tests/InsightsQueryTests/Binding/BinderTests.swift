import InsightsModel
import InsightsQuery
import Testing

@Suite("binder")
struct BinderTests {
  @Test(
    "binder: the columns of the result",
    arguments: [
      ("filter a = 1", ["@timestamp", "@message"]),
      ("fields a, b | fields b, c", ["a", "b", "c"]),
      ("fields a | display b, b, c", ["b", "c"]),
      ("display a | display b", ["b"]),
      ("fields `a b`, a+1, a + 1 as x", ["a b", "a+1", "x"]),
      ("fields a + 1 | fields a + 1", ["a + 1"]),
      ("stats count(*), max(a) as m by b, bin(5m)", ["b", "bin(5m)", "count(*)", "m"]),
      ("stats count(*) as n by b | fields n * 2 as m", ["b", "n", "m"]),
      ("stats count(*) as n by b | display n", ["n"]),
      ("parse @message \"* *\" as a, b", ["@timestamp", "@message"]),
      ("SOURCE errors | fields type", ["type"]),
    ])
  func columns(text: String, expected: [String]) {
    let query = BoundQuery(text)
    #expect(query.ids.isEmpty)
    #expect(query.columns == expected)
  }

  @Test("binder: names are told apart by case, functions are not")
  func cases() {
    #expect(BoundQuery("fields strlen(a) as x, STRLEN(a) as X").ids.isEmpty)
    #expect(BoundQuery("fields strlen(a) as x, strlen(b) as x").ids == ["field-defined-twice"])
  }

  @Test("binder: true and false are 1 and 0 unless a field is called so")
  func truthValues() {
    #expect(BoundQuery("filter a = TRUE").nodes == ["filter equalValues(a, 1)"])
    #expect(BoundQuery("filter a = `true`").nodes == ["filter equalValues(a, true)"])
    #expect(
      BoundQuery("fields b > 1 as true | filter a = true").nodes.last
        == "filter equalValues(a, true)")
  }

  @Test("binder: numbers written as text compare as numbers, other text as text")
  func literals() {
    #expect(BoundQuery("filter a > 5").nodes == ["filter (number(a) > 5)"])
    #expect(BoundQuery("filter strlen(a) > \"5\"").nodes == ["filter (strlen(a) > 5)"])
    #expect(BoundQuery("filter \"0x10\" < a").nodes == ["filter sortsBefore(\"0x10\", a)"])
    #expect(BoundQuery("filter \"inf\" < a").nodes == ["filter sortsBefore(\"inf\", a)"])
    #expect(
      BoundQuery("fields \"1e3\" + \"x\" as c").nodes == ["extend c = (1000.0 + number(\"x\"))"])
  }

  @Test(
    "binder: a name in backticks behind = is text where no event has such a field",
    arguments: [("`United States`", "(c = \"United States\")"), ("`b`", "equalValues(c, b)")])
  func quotedValues(value: String, expected: String) {
    let query = BoundQuery("filter c = \(value)", fields: ["b", "c"])
    #expect(query.ids.isEmpty)
    #expect(query.nodes == ["filter \(expected)"])
  }

  @Test("binder: an absent field is told of once; known system fields are never absent")
  func absentFields() {
    let query = BoundQuery("fields x, x, y | filter x = 1 | sort x", fields: ["y"])
    #expect(query.ids == ["absent-field"])
    #expect(BoundQuery("fields @entity.a, @aws.region, @source.log", fields: []).ids.isEmpty)
  }

  @Test("binder: a word behind a comparison that is no field is offered with quotes")
  func missingQuotes() {
    let query = BoundQuery("filter level = ERROR", fields: ["level"])
    #expect(query.diagnostics.first?.help == ["text stands in quotes: \"ERROR\""])
  }

  @Test("binder: the limit of the query holds up to that of the caller")
  func limits() {
    func plan(_ text: String, _ limit: Int?) -> [String] {
      BoundQuery(text, options: Binder.Options(rowLimit: limit)).plan.description
        .split(separator: "\n").map(String.init).filter { $0.hasPrefix("limit") }
    }
    #expect(plan("fields a", nil) == ["limit 10000"])
    #expect(plan("fields a | limit 50000", nil) == ["limit 50000"])
    #expect(plan("fields a | limit 50000", 10) == ["limit 10"])
    #expect(plan("fields a | limit 5", 10) == ["limit 5"])
    #expect(plan("limit 500 | stats count(*)", 10) == ["limit 500", "limit 10"])
    #expect(plan("limit 500 | fields a", 10) == ["limit 10"])
    #expect(plan("limit 5 | filter a = 1", nil) == ["limit 5"])
    #expect(plan("limit 500 | filter a = 1", 10) == ["limit 500", "limit 10"])
  }

  @Test("binder: results of stats may use those before them, aggregates are computed once")
  func siblings() {
    let query = BoundQuery("stats sum(a) as s, s / count(*) as m, count(*) + 1 as n")
    #expect(query.ids.isEmpty)
    #expect(
      query.nodes == [
        "aggregate s = sum(a), `count(*)` = rowCount()",
        "extend m = (s / `count(*)`), n = (`count(*)` + 1)",
      ])
    #expect(BoundQuery("stats s + 1 as m, sum(a) as s").ids == ["field-outside-aggregate"])
  }

  @Test("binder: without a group's keys an implied @timestamp is no result")
  func impliedTimestamp() {
    #expect(BoundQuery("stats bin(5m), count(*)").ids == ["field-outside-aggregate"])
    #expect(BoundQuery("stats count(*) by bin(5m)").ids.isEmpty)
    #expect(
      BoundQuery("stats count(*) by bin(5m) as @timestamp | fields bin(1h) as hour").ids.isEmpty)
  }

  @Test("binder: a field computed from itself over and over is refused, not computed")
  func explosion() {
    let doubling = (1...40).map { "fields x\($0 - 1) + x\($0 - 1) as x\($0)" }
      .joined(separator: " | ")
    #expect(BoundQuery(doubling).ids.contains("expression-too-large"))
    let siblings = (1...40).map { "s\($0 - 1) * s\($0 - 1) as s\($0)" }.joined(separator: ", ")
    #expect(BoundQuery("stats sum(a) as s0, \(siblings)").ids.contains("expression-too-large"))
  }

  @Test("binder: calls nest as deep as the parser reads them")
  func depth() {
    func nested(_ count: Int) -> [String] {
      let open = String(repeating: "concat(\"a\", ", count: count)
      return BoundQuery("fields \(open)b\(String(repeating: ")", count: count)) as c").ids
    }
    #expect(nested(11).isEmpty)
    #expect(nested(190).isEmpty)
    #expect(nested(250).contains("expression-too-deep"))
  }

  @Test("binder: very many fields are refused")
  func fieldCount() {
    func fields(_ count: Int) -> [String] {
      BoundQuery("fields " + (0..<count).map { "f\($0)" }.joined(separator: ",")).ids
    }
    #expect(fields(1000).isEmpty)
    #expect(fields(1001) == ["too-many-fields"])
  }

  @Test("binder: an error in one command does not make up others")
  func noCascades() {
    #expect(
      BoundQuery("stats max(nope(a)) as m by b | sort m | filter m > 1").ids == ["unknown-function"]
    )
    #expect(BoundQuery("stats count(*) as n | filter n > 1 or a = 2").ids == ["mixed-filter"])
    #expect(
      BoundQuery("fields nope(a) as x | filter x > 1 | sort x", fields: ["a"]).ids
        == ["unknown-function"])
    #expect(
      BoundQuery("parse a \"* *\" as x, y, z | filter z > x", fields: ["a"]).ids
        == ["capture-count"])
    #expect(
      BoundQuery("SOURCE invocations | fields nope(status) as x | sort x").ids
        == ["unknown-function"])
  }

  @Test("binder: wildcards in the name of a source stand for themselves")
  func sourceNames() {
    let statement = BoundQuery("SOURCE 'a*[b]?' | fields c").statement
    #expect(statement.bindings == [.text("a[*][[]b][?]")])
  }
}
