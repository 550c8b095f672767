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
      statistics: QueryStatistics(
        matchedCount: 3, scannedCount: 12, skippedCount: 4, scannedBytes: 900, skippedBytes: 100,
        logGroupCount: 2, resultCount: 1))
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
            "recordsScanned": 12.0,
            "estimatedRecordsSkipped": 4.0,
            "bytesScanned": 900.0,
            "estimatedBytesSkipped": 100.0,
            "logGroupsScanned": 2.0,
            "resultCount": 1.0
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

  @Test(
    "aws: numbers of REPORT lines as Java writes doubles, computed ones plainly",
    arguments: [
      (Value.integer(15), "15.0"), (.real(14.97), "14.97"), (.integer(67_000_000), "6.7E7"),
      (.integer(128_000_000), "1.28E8"), (.integer(9_999_999), "9999999.0"),
      (.integer(10_000_000), "1.0E7"), (.real(0.001), "0.001"), (.real(0.0001), "1.0E-4"),
      (.real(0.012), "0.012"), (.integer(0), "0.0"), (.integer(100), "100.0"),
      (.real(1_234_567.5), "1234567.5"), (.real(12_345_678.25), "1.234567825E7"),
      (.real(-2.5), "-2.5"), (.text("x"), "x"),
    ])
  func reportNumbers(value: Value, text: String) throws {
    let table = ResultTable(
      columns: [
        ResultColumn(name: "@duration", type: .number, isReportNumber: true),
        ResultColumn(name: "max(@duration)", type: .number, isComputed: true),
      ], rows: [[value, .integer(128_000_000)]])
    let written = try formatted(table, as: "aws")
    #expect(written.contains("{\"field\": \"@duration\", \"value\": \"\(text)\"}"))
    #expect(written.contains("{\"field\": \"max(@duration)\", \"value\": \"128000000\"}"))
  }
}
