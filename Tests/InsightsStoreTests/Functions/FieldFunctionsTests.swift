import InsightsModel
import Testing

@Suite("SQL functions: discovered fields")
struct FieldFunctionsTests {
  @Test(
    "ql_field: the value at a path with the type that the query language gives it",
    arguments: [
      ("level", .text("ERROR")), ("status", .integer(500)), ("lat", .real(120.5)),
      ("ok", .integer(0)), ("done", .integer(1)), ("user.name", .text("A \"B\"\n")),
      ("items.0.id", .integer(7)), ("none", .null), ("user", .null), ("items", .null),
      ("missing", .null), ("empty", .text("")), ("", .null), ("zip", .text("0123")),
    ] as [(String, Value)])
  func field(path: String, value: Value) throws {
    let message =
      #"INFO {"level":"ERROR","status":500,"lat":120.5,"ok":false,"done":true,"none":null,"#
      + #""user":{"name":"A \"B\"\n"},"items":[{"id":7}],"empty":"","zip":"0123"}"#
    #expect(try evaluate("ql_field('\(message)', 5, '\(path)')") == value)
  }

  @Test(
    "ql_field: no object, no value",
    arguments: [
      "ql_field('{\"a\":1}', NULL, 'a')", "ql_field('{\"a\":1}', 1, 'a')",
      "ql_field('{\"a\":1}', -1, 'a')", "ql_field('{\"a\":1}', 99, 'a')",
      "ql_field('{\"a\":1}', 9223372036854775807, 'a')", "ql_field('{', 0, 'a')",
      "ql_field('', 0, 'a')", "ql_field(NULL, 0, 'a')", "ql_field('{\"a\":1}', 0, NULL)",
      "ql_field('{\"a\"', 0, 'a')",
    ])
  func nothing(expression: String) throws {
    #expect(try evaluate(expression) == .null)
  }
}
