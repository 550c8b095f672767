import InsightsModel
import InsightsStore
import Testing

@Suite("SQL functions: patterns")
struct PatternFunctionsTests {
  @Test(
    "ql_contains: bytes of the text, numbers as their text",
    arguments: [
      ("ql_contains('Task timed out', 'timed')", .integer(1)),
      ("ql_contains('a', 'A')", .integer(0)),
      ("ql_contains('a', '')", .integer(1)), ("ql_contains('', 'a')", .integer(0)),
      ("ql_contains(1500.75, '00.7')", .integer(1)), ("ql_contains(2.0, '.')", .integer(0)),
      ("ql_contains(404, 4)", .integer(1)), ("ql_contains(NULL, 'a')", .null),
      ("ql_contains('a', NULL)", .null),
      ("ql_contains('a' || char(0) || 'bc', 'bc')", .integer(1)),
      ("ql_contains_nocase('Task TIMED out', 'timed OUT')", .integer(1)),
      ("ql_contains_nocase('abc', 'abd')", .integer(0)), ("ql_contains_nocase(NULL, 'a')", .null),
      ("ql_contains_nocase('[', '{')", .integer(0)), ("ql_contains_nocase('@', '`')", .integer(0)),
    ] as [(String, Value)])
  func contains(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test(
    "ql_matches: searches for a regular expression",
    arguments: [
      ("ql_matches('an ERROR', 'ERR|WARN')", .integer(1)), ("ql_matches('a', '^b')", .integer(0)),
      ("ql_matches('ABC', '(?i)b')", .integer(1)), ("ql_matches(200, '^2\\d\\d$')", .integer(1)),
      ("ql_matches(NULL, 'a')", .null), ("ql_matches('a', NULL)", .null),
      ("ql_matches('', '^$')", .integer(1)),
    ] as [(String, Value)])
  func matches(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test(
    "ql_capture and ql_glob: the text of a capture, empty where it is, NULL where there is none",
    arguments: [
      ("ql_capture('n=12 m=3', 'n=(\\d+) m=(\\d+)', 2)", .text("3")),
      ("ql_capture('b', '(a)|(b)', 1)", .null), ("ql_capture('x', 'x(.*?)', 1)", .text("")),
      ("ql_capture('x', 'y(.)', 1)", .null), ("ql_capture('xy', 'x(.)', 0)", .text("xy")),
      ("ql_capture('xy', 'x(.)', 9)", .null), ("ql_capture('xy', 'x(.)', -1)", .null),
      ("ql_capture(NULL, 'x(.)', 1)", .null),
      ("ql_glob('user=ann, id=7', 'user=*, id=*', 1)", .text("ann")),
      ("ql_glob('user=ann, id=7', 'user=*, id=*', 2)", .text("7")),
      ("ql_glob('user=ann, id=', 'user=*, id=*', 2)", .text("")),
      ("ql_glob('nothing', 'user=*', 1)", .null), ("ql_glob('user=a', 'user=*', 2)", .null),
      ("ql_glob('user=a', 'user=*', 0)", .null), ("ql_glob(NULL, '*', 1)", .null),
      ("ql_glob(12.5, '*.*', 2)", .text("5")),
    ] as [(String, Value)])
  func captures(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test("patterns may differ from row to row")
  func patternPerRow() throws {
    #expect(
      try evaluate(
        "group_concat(ql_capture(a, b, 1) || ql_glob(a, '*' || substr(a, 2), 1))",
        over: "('x1', '(x)'), ('y2', '(2)'), ('z3', '.(3)')") == .text("xx,2y,3z"))
  }

  @Test("a constant pattern serves many rows")
  func constantPattern() throws {
    #expect(
      try evaluate(
        "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
          + "SELECT count(*) FROM n WHERE ql_matches('id ' || i, 'id \\d+7$'))") == .integer(99))
  }

  @Test("a runaway pattern ends the query as too expensive")
  func tooExpensive() throws {
    let text = String(repeating: "a", count: 40) + "b"
    for function in ["ql_matches('\(text)', '(a+)+$')", "ql_capture('\(text)', '(a+)+$', 1)"] {
      #expect(throws: StoreError.patternTooExpensive) { try evaluate(function) }
    }
  }

  @Test("a faulty expression ends the query with its reason")
  func faulty() {
    #expect {
      try evaluate("ql_matches('a', '(')")
    } throws: { error in
      guard case StoreError.sqlite(_, let message, _)? = error as? StoreError else { return false }
      return message.hasPrefix("regular expression: ")
    }
  }
}
