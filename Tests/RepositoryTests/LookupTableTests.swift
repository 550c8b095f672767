import InsightsEngine
import InsightsModel
import Testing

@Suite("lookup tables")
struct LookupTableTests {
  private func table(_ text: String) throws -> LookupTable {
    try LookupTable(csv: Array(text.utf8), name: "t")
  }

  @Test("quotes, commas, line breaks and doubled quotes as in RFC 4180")
  func quoting() throws {
    let table = try table("a,\"b c\"\r\n\"x,\r\ny\",\"say \"\"hi\"\"\"\r\n,plain\r\n")
    #expect(table.columns == ["a", "b c"])
    #expect(table.rows == [["x,\r\ny", "say \"hi\""], ["", "plain"]])
  }

  @Test(
    "a byte order mark, empty lines and a last line without its break are passed over",
    arguments: ["\u{FEFF}a,b\n1,2\n", "\na,b\n\n1,2\n\n", "a,b\n1,2"])
  func tolerance(text: String) throws {
    #expect(try table(text).columns == ["a", "b"])
    #expect(try table(text).rows == [["1", "2"]])
  }

  @Test("a header alone is a table without rows")
  func empty() throws {
    #expect(try table("a,b\n").rows.isEmpty)
  }

  @Test(
    "what is wrong is told with its line",
    arguments: [
      ("", 1, "there is no row with the names of the columns"),
      ("a,a\n", 1, "a second column is called 'a'"),
      ("a,A\n", 1, "a second column is called 'A'"), ("a,,c\n", 1, "column 2 has no name"),
      ("a,@row\n", 1, "a second column is called '@row'"),
      ("a,b\n1,2\n\"x\ny\",2\n3\n", 5, "row has 1 fields, the first one has 2"),
      ("a,b\n1,2,3\n", 2, "row has 3 fields, the first one has 2"),
      ("a\n1\n\"2\n3\n", 3, "a quote is never closed"),
    ])
  func errors(text: String, line: Int, reason: String) {
    let error = #expect(throws: LookupTable.CSVError.self) { try table(text) }
    #expect(error?.line == line)
    #expect(error?.reason == reason)
  }

  @Test("bytes that are no UTF-8 are refused")
  func encoding() {
    let error = #expect(throws: LookupTable.CSVError.self) {
      try LookupTable(csv: Array("a\n1\n".utf8) + [0xFF, 0x0A], name: "t")
    }
    #expect(error?.line == 3)
  }
}
