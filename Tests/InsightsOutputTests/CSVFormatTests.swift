import InsightsModel
import InsightsOutput
import Testing

@Suite struct CSVFormatTests {
  @Test(
    "csv: a field is quoted when a reader would split it",
    arguments: [
      ("plain", "plain"), (" blanks ", " blanks "), ("a,b", "\"a,b\""),
      ("say \"no\"", "\"say \"\"no\"\"\""), ("two\nlines", "\"two\nlines\""),
      ("\r", "\"\r\""), ("\"", "\"\"\"\""), ("日本,語", "\"日本,語\""),
    ])
  func quoting(text: String, field: String) throws {
    #expect(try formatted(cell(.text(text), .text), as: "csv") == "x\n\(field)\n")
  }

  @Test("csv: a header row, LF line ends, missing values and missing cells empty")
  func records() throws {
    let table = ResultTable(
      columns: ["a", "b,c", "d"].map { ResultColumn(name: $0, type: .any) },
      rows: [[.integer(1), .null, .text("")], [.null, .text("x")]])
    #expect(try formatted(table, as: "csv") == "a,\"b,c\",d\n1,,\n,x,\n")
  }

  @Test("csv: no rows leave the header, no columns nothing")
  func empty() throws {
    let columns = [ResultColumn(name: "a", type: .any)]
    #expect(try formatted(ResultTable(columns: columns), as: "csv") == "a\n")
    #expect(try formatted(ResultTable(columns: []), as: "csv") == "")
  }
}
