import InsightsModel
import InsightsOutput
import Testing

@Suite("headlines")
struct HeadlineTests {
  private static let table = ResultTable(
    columns: [
      ResultColumn(name: "name", type: .text), ResultColumn(name: "cold", type: .number),
      ResultColumn(name: "all", type: .number),
    ],
    rows: [
      [.text("a"), .integer(1), .integer(3)], [.text("b"), .real(0.5), .integer(1_234_567)],
      [.text("c"), .null, .real(.infinity)],
    ])

  @Test(
    "a headline is a measure of the rows and a unit",
    arguments: [
      ("rows — errors", "12,345", "errors"), ("rows", "12,345", ""),
      ("sum(cold) — $", "1.5", "$"), ("max( all )—ms", "1,234,567", "ms"),
      ("min(cold) — x", "0.5", "x"), ("percent(cold, all) — % of all", "0.000121", "% of all"),
    ])
  func fact(text: String, number: String, unit: String) throws {
    let headline = try #require(Headline(text))
    #expect(headline.fact(of: Self.table, rowCount: 12_345) == Report.Fact(number, unit))
  }

  @Test(
    "what is no headline is none",
    arguments: ["", "median(x) — y", "sum()", "percent(a) — b", "sum(a"])
  func unreadable(text: String) {
    #expect(Headline(text) == nil)
  }

  @Test("rows without the column, or a share of nothing, have no number")
  func missing() throws {
    func number(_ text: String, _ table: ResultTable) throws -> String? {
      try #require(Headline(text)).fact(of: table, rowCount: table.rows.count)?.name
    }
    #expect(try number("sum(other) — x", Self.table) == nil)
    let none = ResultTable(columns: Self.table.columns)
    #expect(try number("max(cold)", none) == nil)
    #expect(try number("percent(cold, all)", none) == nil)
    #expect(try number("rows", none) == "0")
  }
}
