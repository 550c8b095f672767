import InsightsModel
import Testing

@Suite("SQL functions: text")
struct TextFunctionsTests {
  @Test(
    "length, parts and letter case count code points",
    arguments: [
      ("ql_strlen('aé日🎉')", .integer(4)), ("ql_strlen('')", .integer(0)),
      ("ql_strlen('a' || char(0) || 'b')", .integer(3)), ("ql_strlen(12.0)", .integer(2)),
      ("ql_strlen(NULL)", .null), ("ql_substr('xyZfooxyZ', 3, 3)", .text("foo")),
      ("ql_substr('xyZfooxyZ', 3)", .text("fooxyZ")), ("ql_substr('aé日🎉b', 1, 3)", .text("é日🎉")),
      ("ql_substr('abc', 5)", .text("")), ("ql_substr('abc', 1, 99)", .text("bc")),
      ("ql_substr('abc', -5, 2)", .text("ab")), ("ql_substr('abc', 0, -1)", .text("")),
      ("ql_substr('abc', 1, 0)", .text("")), ("ql_substr('abc', 'x')", .null),
      ("ql_substr('abc', NULL)", .null), ("ql_substr('abc', 9223372036854775807)", .text("")),
      ("ql_substr('abc', 1, 9223372036854775807)", .text("bc")),
      ("ql_substr('abc', '1', '1')", .text("b")), ("ql_substr(1234, 1, 2)", .text("23")),
      ("ql_upper('aé')", .text("AÉ")), ("ql_lower('AB')", .text("ab")),
      ("ql_upper('az{`09')", .text("AZ{`09")), ("ql_lower('AZ[@ÄÖ')", .text("az[@äö")),
      ("ql_upper('straße')", .text("STRASSE")), ("ql_upper(NULL)", .null),
      ("ql_upper(1.5)", .text("1.5")),
    ] as [(String, Value)])
  func parts(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test(
    "replacing and joining",
    arguments: [
      ("ql_replace('a-b-c', '-', '+')", .text("a+b+c")),
      ("ql_replace('aaa', 'aa', 'b')", .text("ba")),
      ("ql_replace('abc', '', 'x')", .text("abc")), ("ql_replace('abc', 'd', 'x')", .text("abc")),
      ("ql_replace('abab', 'ab', '')", .text("")), ("ql_replace('a.c', '.', '%')", .text("a%c")),
      ("ql_replace(101, 1, 2)", .text("202")), ("ql_replace('a', 'a', NULL)", .null),
      ("ql_concat('a', NULL, 'b')", .text("ab")), ("ql_concat()", .text("")),
      ("ql_concat('n=', 2.0, '/', 7, '/', 0.00001)", .text("n=2/7/0.00001")),
      ("ql_concat(NULL)", .text("")), ("ql_text(3.0)", .text("3")), ("ql_text(12)", .text("12")),
      ("ql_text(1e21)", .text("1000000000000000000000")), ("ql_text('x')", .text("x")),
      ("ql_text(NULL)", .null),
    ] as [(String, Value)])
  func joining(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test(
    "trimming takes white space, or a set of characters and no white space",
    arguments: [
      ("ql_ltrim('xyZxyfooxyZ', 'xyZ')", .text("fooxyZ")),
      ("ql_rtrim('xyZfooxyxyZ', 'xyZ')", .text("xyZfoo")),
      ("ql_trim('xyZxyfooxyxyZ', 'xyZ')", .text("foo")),
      ("ql_trim('  a b ' || char(9, 10, 13))", .text("a b")),
      ("ql_ltrim('  a ')", .text("a ")), ("ql_rtrim('  a ')", .text("  a")),
      ("ql_trim(char(160, 12288) || 'a' || char(8195))", .text("a")),
      ("ql_trim(' xax ', 'x')", .text(" xax ")), ("ql_trim('é日a日é', '日é')", .text("a")),
      ("ql_trim('è', 'é')", .text("è")), ("ql_trim('aaa', 'a')", .text("")),
      ("ql_trim('abc', '')", .text("abc")), ("ql_trim('')", .text("")), ("ql_trim(NULL)", .null),
      ("ql_trim('a', NULL)", .null), ("ql_trim(1221, 1)", .text("22")),
      ("hex(ql_trim(CAST(x'80FF6120' AS TEXT)))", .text("80FF61")),
    ] as [(String, Value)])
  func trimming(expression: String, value: Value) throws {
    #expect(try evaluate(expression) == value)
  }

  @Test(
    "empty and blank are also true for what is missing",
    arguments: [("NULL", 1, 1), ("''", 1, 1), ("'  '", 0, 1), ("'a'", 0, 0), ("0", 0, 0)])
  func empty(argument: String, isEmpty: Int64, isBlank: Int64) throws {
    #expect(try evaluate("ql_isempty(\(argument))") == .integer(isEmpty))
    #expect(try evaluate("ql_isblank(\(argument))") == .integer(isBlank))
  }
}
