internal import InsightsSQLite
import InsightsModel
import InsightsStore
import Testing

@Suite("SQL functions: values")
struct ComparisonFunctionsTests {
  @Test(
    "ql_number: a number, or text that is only a number",
    arguments: [
      ("5", .integer(5)), ("2.5", .real(2.5)), ("'12'", .integer(12)), ("'-1.50'", .real(-1.5)),
      ("'1e3'", .real(1000)), ("' 1'", .null), ("'n/a'", .null), ("''", .null), ("NULL", .null),
      ("x'3132'", .null),
    ] as [(String, Value)])
  func number(argument: String, value: Value) throws {
    #expect(try evaluate("ql_number(\(argument))") == value)
  }

  @Test(
    "ql_truth: any number but zero, and the word true",
    arguments: [
      ("1", .integer(1)), ("0", .integer(0)), ("-0.5", .integer(1)), ("0.0", .integer(0)),
      ("'2'", .integer(1)), ("'0'", .integer(0)), ("'0.0'", .integer(0)), ("'true'", .integer(1)),
      ("'TrUe'", .integer(1)), ("'false'", .integer(0)), ("'yes'", .integer(0)),
      ("''", .integer(0)), ("'truely'", .integer(0)), ("NULL", .null),
    ] as [(String, Value)])
  func truth(argument: String, value: Value) throws {
    #expect(try evaluate("ql_truth(\(argument))") == value)
  }

  @Test(
    "ql_equal: numbers by value, whatever their type, and texts by their bytes",
    arguments: [
      ("200, '200'", .integer(1)), ("'200', '200.0'", .integer(1)), ("1, 1.0", .integer(1)),
      ("'a', 'a'", .integer(1)), ("'a', 'A'", .integer(0)), ("'a', 1", .integer(0)),
      ("'', 0", .integer(0)), ("'é', 'e\u{301}'", .integer(0)), ("NULL, 1", .null),
      ("'a', NULL", .null), ("9007199254740993, 9007199254740992.0", .integer(0)),
      ("'abc', 'abcd'", .integer(0)), ("'', ''", .integer(1)),
      ("9223372036854775807, 9223372036854775808.0", .integer(0)),
    ] as [(String, Value)])
  func equal(arguments: String, value: Value) throws {
    #expect(try evaluate("ql_equal(\(arguments))") == value)
  }

  @Test(
    "ql_compare: numbers by value, texts by code point, no order between a number and other text",
    arguments: [
      ("1, 2", .integer(-1)), ("'10', 9", .integer(1)), ("'10', '9'", .integer(1)),
      ("2, 2.0", .integer(0)), ("'a', 'b'", .integer(-1)), ("'b10', 'b9'", .integer(-1)),
      ("'a', '1'", .integer(1)), ("'a', 1", .null), ("1.5, 'a'", .null), ("NULL, 1", .null),
      ("'a', NULL", .null), ("9223372036854775807, 9223372036854775808.0", .integer(-1)),
      ("-9223372036854775808, -9223372036854775808.0", .integer(0)),
      ("9007199254740992.0, 9007199254740993", .integer(-1)),
    ] as [(String, Value)])
  func compare(arguments: String, value: Value) throws {
    #expect(try evaluate("ql_compare(\(arguments))") == value)
  }

  @Test("ql_sort_key: sorts values naturally, missing ones first")
  func sortKey() throws {
    let connection = try functionDatabase(
      """
      CREATE TABLE t (v);
      INSERT INTO t VALUES (3), ('b10'), ('2'), (NULL), ('b9'), (1.5), ('01'), ('5A'), (1);
      """)
    let statement = try connection.prepare("SELECT v FROM t ORDER BY ql_sort_key(v)")
    var order: [String] = []
    while try statement.step() { order.append(statement.optionalText(at: 0) ?? "NULL") }
    #expect(order == ["NULL", "5A", "b9", "b10", "01", "1", "1.5", "2", "3"])
    #expect(try evaluate("ql_sort_key(12) = ql_sort_key('12')") == .integer(1))
  }

  @Test("a stored view cannot call the functions")
  func directOnly() throws {
    let connection = try functionDatabase("CREATE VIEW v AS SELECT ql_number('1') AS n")
    #expect(throws: StoreError.self) {
      _ = try connection.prepare("SELECT n FROM v").step()
    }
  }
}
