import Testing

@testable import InsightsEngine

@Suite("filter patterns as conditions")
struct FilterPatternTests {
  @Test(
    "terms",
    arguments: [
      ("", nil), ("\" \"", nil), ("ERROR", "strcontains(@message, \"ERROR\")"),
      ("\"a \\\"b\" c", "strcontains(@message, \"a \\\"b\") and strcontains(@message, \"c\")"),
      ("?a ?b", "(strcontains(@message, \"a\") or strcontains(@message, \"b\"))"),
      ("-a", "not strcontains(@message, \"a\")"),
      // Where one term is required, the optional ones say nothing.
      ("?a ?b c -d", "strcontains(@message, \"c\") and not strcontains(@message, \"d\")"),
      ("%10\\.0/[0-9]%", "@message like /10\\.0\\/[0-9]/"),
    ])
  func terms(pattern: String, condition: String?) throws {
    #expect(try FilterPattern(pattern).condition == condition)
  }

  @Test(
    "conditions on JSON",
    arguments: [
      ("{ $.level = \"ERROR\" }", "`level` = \"ERROR\""), ("{$.n>=1e3}", "`n` >= 1000"),
      ("{ $.ip != 123.123.* }", "(ispresent(`ip`) and `ip` not like /^123\\.123\\..*$/)"),
      ("{ $.a[0].b = 2 && $.['c.d'] IS TRUE }", "`a.0.b` = 2 and `c.d` = \"true\""),
      ("{ $.a = 1 || $.b = 2 && $.c = 3 }", "(`a` = 1 or `b` = 2 and `c` = 3)"),
      (
        "{ ($.a = 1 || $.b = 2) && $.c != 3 }",
        "((`a` = 1 or `b` = 2)) and (ispresent(`c`) and `c` != 3)"
      ),
      ("{ $.a NOT EXISTS }", "(not ispresent(`a`) and @message like /^\\s*\\{/)"),
      ("{ $.type = %Trail% }", "`type` like /Trail/"),
    ])
  func json(pattern: String, condition: String) throws {
    #expect(try FilterPattern(pattern).condition == condition)
  }

  @Test(
    "what AWS does not take, and what the query language cannot ask",
    arguments: [
      "%something!%", "%(a)%", "%open", "\"open", "[a, b]", "{ $.a = 1", "{ a = 1 }", "{ $.a > x }",
      "{ $.a IS NULL }", "{ $.a[*] = 1 }", "{ $.a = 1 } x", String(repeating: "x", count: 1025),
      "{" + String(repeating: "(", count: 100) + "$.a = 1",
    ])
  func refusals(pattern: String) {
    #expect(throws: ConsoleLinkError.self) { try FilterPattern(pattern) }
  }
}
