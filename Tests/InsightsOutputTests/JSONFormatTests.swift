import InsightsModel
import InsightsOutput
import Testing

@Suite struct JSONFormatTests {
  private let table = ResultTable(
    columns: [
      ResultColumn(name: "@timestamp", type: .timestamp),
      ResultColumn(name: "a \"b\"", type: .any),
      ResultColumn(name: "n", type: .number),
    ],
    rows: [
      [.integer(1_770_801_300_123), .text("x\n\u{1B}é\u{0}"), .integer(7)],
      [.null, .null, .real(0.5)],
      [.null, .null, .null],
    ])

  @Test("json: an array with one row a line, keys in column order, missing values left out")
  func array() throws {
    #expect(
      try formatted(table, as: "json") == #"""
        [
          {"@timestamp": "2026-02-11 09:15:00.123", "a \"b\"": "x\n\u001bé\u0000", "n": 7},
          {"n": 0.5},
          {}
        ]

        """#)
  }

  @Test("json: no rows are an empty array")
  func noRows() throws {
    #expect(try formatted(ResultTable(columns: table.columns), as: "json") == "[]\n")
    #expect(try formatted(ResultTable(columns: table.columns), as: "ndjson") == "")
  }

  @Test("json: rows longer or shorter than the columns do not crash")
  func raggedRows() throws {
    let ragged = ResultTable(
      columns: table.columns, rows: [[], [.null, .null, .integer(1), .null]])
    #expect(try formatted(ragged, as: "ndjson") == "{}\n{\"n\": 1}\n")
  }

  @Test("json: several results are one object with the names as keys")
  func severalResults() throws {
    let results = [
      NamedResult(name: "lambda/errors", table: cell(.integer(3), .number)),
      NamedResult(name: "lambda/\"odd\"", table: ResultTable(columns: [])),
    ]
    #expect(
      try formatted(results, as: "json") == #"""
        {
          "lambda/errors": [
            {"x": 3}
          ],
          "lambda/\"odd\"": []
        }

        """#)
    #expect(try formatted([NamedResult](), as: "json") == "{}\n")
  }

  @Test(
    "streams of rows and replies hold one result only", arguments: ["csv", "tsv", "ndjson", "aws"])
  func oneResultOnly(name: String) throws {
    let formatter = try #require(OutputFormatRegistry.formatter(named: name, for: .none))
    #expect(!(formatter is any ResultCollectionFormatter))
  }
}
