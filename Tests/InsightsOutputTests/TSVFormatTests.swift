import InsightsModel
import InsightsOutput
import Testing

@Suite struct TSVFormatTests {
  @Test(
    "tsv: what would split a field or a row is escaped",
    arguments: [
      ("plain, \"as is\"", "plain, \"as is\""), ("a\tb", "a\\tb"),
      ("two\r\nlines", "two\\r\\nlines"),
      ("C:\\temp", "C:\\\\temp"), ("\\n", "\\\\n"), ("日本\t語", "日本\\t語"), ("", ""),
    ])
  func escapes(text: String, field: String) throws {
    #expect(try formatted(cell(.text(text), .text), as: "tsv") == "x\n\(field)\n")
  }

  @Test("tsv: a header row, missing values and missing cells empty, every row of the same width")
  func records() throws {
    let table = ResultTable(
      columns: ["a", "b\tc", "d"].map { ResultColumn(name: $0, type: .any) },
      rows: [[.integer(1), .null, .text("")], [.null, .text("x")], []])
    #expect(try formatted(table, as: "tsv") == "a\tb\\tc\td\n1\t\t\n\tx\t\n\t\t\n")
  }

  @Test("tsv: no rows leave the header, no columns nothing")
  func empty() throws {
    let columns = [ResultColumn(name: "a", type: .any)]
    #expect(try formatted(ResultTable(columns: columns), as: "tsv") == "a\n")
    #expect(try formatted(ResultTable(columns: []), as: "tsv") == "")
  }
}
