import InsightsModel
import InsightsOutput
import Testing

@Suite struct AWSFormatTests {
  @Test("aws: every value is a string, missing fields are left out, @ptr is last")
  func rows() throws {
    let table = ResultTable(
      columns: [
        ResultColumn(name: "@ptr", type: .text),
        ResultColumn(name: "@timestamp", type: .timestamp),
        ResultColumn(name: "avg(\"x\")", type: .number, isComputed: true),
      ],
      rows: [
        [.text("7"), .integer(1_770_801_300_123), .real(2.00004)],
        [.text("8"), .null, .real(.nan)], [],
      ],
      statistics: QueryStatistics(matchedCount: 3, scannedCount: 12))
    #expect(
      try formatted(table, as: "aws") == #"""
        {
          "queryLanguage": "CWLI",
          "results": [
            [
              {"field": "@timestamp", "value": "2026-02-11 09:15:00.123"},
              {"field": "avg(\"x\")", "value": "2"},
              {"field": "@ptr", "value": "7"}
            ],
            [
              {"field": "@ptr", "value": "8"}
            ],
            []
          ],
          "statistics": {
            "recordsMatched": 3.0,
            "recordsScanned": 12.0
          },
          "status": "Complete"
        }

        """#)
  }

  @Test("aws: no rows are an empty list, nothing counted is no statistics")
  func empty() throws {
    #expect(
      try formatted(ResultTable(columns: []), as: "aws") == """
        {
          "queryLanguage": "CWLI",
          "results": [],
          "statistics": {},
          "status": "Complete"
        }

        """)
  }
}
