internal import InsightsSQLite
import InsightsModel
import InsightsStore
import Testing

@Suite("SQL functions: aggregates")
struct AggregateFunctionsTests {
  @Test(
    "sums and means skip what is no number",
    arguments: [
      ("ql_sum(a)", "(1, 0), ('2', 0), ('x', 0), (NULL, 0)", .integer(3)),
      ("ql_sum(a)", "(1, 0), (0.5, 0)", .real(1.5)), ("ql_sum(a)", "('x', 0), (NULL, 0)", .null),
      ("ql_sum(a)", "(9223372036854775807, 0), (1, 0), (-1, 0)", .integer(.max)),
      ("ql_sum(a)", "(9223372036854775807, 0), (1, 0)", .real(9_223_372_036_854_775_808)),
      ("ql_sum(a)", "(-9223372036854775808, 0), (-1, 0), (1, 0)", .integer(.min)),
      ("ql_sum(a)", "(-9223372036854775808, 0), (-9223372036854775808, 0)", .real(-0x1p64)),
      ("ql_sum(a)", "(1e100, 0), (1.5, 0), (-1e100, 0)", .real(1.5)),
      ("ql_sum(a)", "(9e999, 0), (1, 0)", .real(.infinity)),
      ("ql_avg(a)", "(1, 0), (2, 0), ('n/a', 0)", .real(1.5)), ("ql_avg(a)", "(NULL, 0)", .null),
      ("ql_variance(a)", "(10, 0), (20, 0), (30, 0), ('40', 0), ('x', 0)", .real(125)),
      ("ql_stddev(a)", "(2, 0), (4, 0), (4, 0), (4, 0), (5, 0), (5, 0), (7, 0), (9, 0)", .real(2)),
      ("ql_stddev(a)", "(5, 0)", .real(0)), ("ql_stddev(a)", "('x', 0)", .null),
      ("ql_variance(a)", "(1000000000.25, 0), (1000000000.75, 0)", .real(0.0625)),
    ] as [(String, String, Value)])
  func numbers(aggregate: String, rows: String, value: Value) throws {
    #expect(try evaluate(aggregate, over: rows) == value)
  }

  @Test(
    "percentiles are interpolated between the closest ranks",
    arguments: [
      (0, 10), (25, 17.5), (50, 25), (75, 32.5), (99, 39.7), (100, 40),
    ] as [(Int, Double)])
  func percentile(percentage: Int, value: Double) throws {
    guard
      case .real(let result) = try evaluate(
        "ql_percentile(a, \(percentage))", over: "(30, 0), ('10', 0), (40.0, 0), ('x', 0), (20, 0)")
    else {
      Issue.record("no number")
      return
    }
    #expect(abs(result - value) < 1e-9)
  }

  @Test("percentiles: one value, none, and percentages that are none")
  func percentileEdges() throws {
    #expect(try evaluate("ql_percentile(a, 99)", over: "(7, 0)") == .real(7))
    #expect(try evaluate("ql_percentile(a, 50)", over: "('x', 0), (NULL, 0)") == .null)
    for percentage in ["-1", "101", "NULL", "'x'"] {
      #expect(try evaluate("ql_percentile(a, \(percentage))", over: "(7, 0)") == .null)
    }
  }

  @Test(
    "percentiles of many rows, in whatever order they come",
    arguments: [
      "i", "-i", "(i * 7919) % 10007", "i % 3", "CASE WHEN i % 2 THEN i ELSE -i END", "1",
      "abs(i - 5000)",
    ])
  func manyRows(expression: String) throws {
    let connection = try functionDatabase(
      """
      CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 10001)
      SELECT \(expression) AS v FROM n;
      """)
    for percentage in [0, 1, 50, 95, 99, 100] {
      let statement = try connection.prepare(
        """
        SELECT ql_percentile(v, \(percentage)),
          (SELECT v FROM t ORDER BY v LIMIT 1 OFFSET \(percentage * 100)) FROM t
        """)
      #expect(try statement.step())
      #expect(statement.real(at: 0) == statement.real(at: 1))
    }
  }

  @Test(
    "the least and the greatest go by natural order and keep their type",
    arguments: [
      ("ql_min(a)", "(10, 0), (9, 0), (100, 0)", .integer(9)),
      ("ql_max(a)", "('10', 0), ('9', 0), ('100', 0)", .text("100")),
      ("ql_min(a)", "(5, 0), ('b10', 0), ('b9', 0)", .text("b9")),
      ("ql_max(a)", "(5, 0), ('b10', 0), (2.5, 0)", .integer(5)),
      ("ql_max(a)", "(1, 0), (2.5, 0), (NULL, 0)", .real(2.5)),
      ("ql_min(a)", "('b', 0), (3, 0), ('a', 0), (1, 0), ('c', 0)", .text("a")),
      ("ql_max(a)", "(1, 0), ('3', 0), (2, 0), (4, 0), ('a', 0), (3.5, 0)", .integer(4)),
      ("ql_min(a)", "(NULL, 0)", .null), ("ql_max(a)", "('', 0)", .text("")),
    ] as [(String, String, Value)])
  func extremes(aggregate: String, rows: String, value: Value) throws {
    #expect(try evaluate(aggregate, over: rows) == value)
  }

  @Test(
    "the earliest and the latest value skip what is missing; of equal times the first and the last",
    arguments: [
      ("ql_earliest(a, b)", "('x', 5), ('y', 3), ('z', 9), (NULL, 1)", .text("y")),
      ("ql_latest(a, b)", "('x', 5), (7, 9), ('z', 3), (NULL, 10)", .integer(7)),
      ("ql_earliest(a, b)", "('x', 3), ('y', 3)", .text("x")),
      ("ql_latest(a, b)", "('x', 3), ('y', 3)", .text("y")),
      ("ql_latest(a, b)", "('x', NULL), ('y', 3)", .text("y")),
      ("ql_latest(a, b)", "(NULL, 1)", .null),
      ("ql_earliest(a, b)", "('x', -5), ('y', 0)", .text("x")),
    ] as [(String, String, Value)])
  func timed(aggregate: String, rows: String, value: Value) throws {
    #expect(try evaluate(aggregate, over: rows) == value)
  }

  @Test("aggregates of no rows are NULL, each group has its own")
  func groups() throws {
    let connection = try functionDatabase("CREATE TABLE t (k, v)")
    let names = [
      "ql_sum(v)", "ql_avg(v)", "ql_min(v)", "ql_max(v)", "ql_stddev(v)", "ql_variance(v)",
      "ql_percentile(v, 50)", "ql_earliest(v, k)", "ql_latest(v, k)",
    ]
    let columns = names.joined(separator: ", ")
    let empty = try connection.prepare("SELECT \(columns) FROM t")
    #expect(try empty.step())
    for column in names.indices { #expect(empty.isNull(at: column), "\(names[column])") }

    try connection.execute("INSERT INTO t VALUES (1, 2), (1, 4), (2, 10), (2, 'x')")
    let grouped = try connection.prepare(
      "SELECT ql_sum(v), ql_max(v), ql_percentile(v, 50) FROM t GROUP BY k ORDER BY k")
    #expect(try grouped.step())
    #expect([grouped.real(at: 0), grouped.real(at: 1), grouped.real(at: 2)] == [6, 4, 3])
    #expect(try grouped.step())
    #expect([grouped.real(at: 0), grouped.real(at: 1), grouped.real(at: 2)] == [10, 10, 10])
    #expect(try !grouped.step())
  }

  @Test("an aggregate that a failing row ends gives its memory back and can be used again")
  func failure() throws {
    let connection = try functionDatabase(
      "CREATE TABLE t (v); INSERT INTO t VALUES ('a'), ('b')")
    let text = String(repeating: "a", count: 40) + "b"
    #expect(throws: StoreError.patternTooExpensive) {
      let statement = try connection.prepare(
        """
        SELECT ql_max(v), ql_percentile(length(v), 50), ql_latest(v, 1),
          sum(CASE v WHEN 'b' THEN ql_matches('\(text)', '(a+)+$') END) FROM t
        """)
      _ = try statement.step()
    }
    let statement = try connection.prepare("SELECT ql_max(v) FROM t")
    #expect(try statement.step())
    #expect(statement.text(at: 0) == "b")
  }
}
