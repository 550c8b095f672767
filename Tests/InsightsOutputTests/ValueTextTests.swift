import InsightsModel
import InsightsOutput
import Testing

@Suite struct ValueTextTests {
  @Test(
    "values read alike in every format",
    arguments: [
      (cell(.integer(1_770_801_300_123), .timestamp), "2026-02-11 09:15:00.123"),
      (cell(.real(1_770_801_300_123.7), .timestamp), "2026-02-11 09:15:00.123"),
      (cell(.integer(-1), .timestamp), "1969-12-31 23:59:59.999"),
      (cell(.text("soon"), .timestamp), "soon"),
      (cell(.integer(512_000_000), .number), "512000000"),
      (cell(.integer(.min), .number), "-9223372036854775808"),
      (cell(.integer(1), .boolean), "1"),
      (cell(.real(3), .number), "3"),
      (cell(.real(102.25), .number), "102.25"),
      (cell(.real(0.000012345), .number), "0.000012345"),
      (cell(.real(0.000012345), .number, isComputed: true), "0"),
      (cell(.real(27.65655), .number, isComputed: true), "27.6566"),
      (cell(.real(-0.00001), .number, isComputed: true), "0"),
      (cell(.text("404"), .text), "404"),
    ])
  func valueText(table: ResultTable, text: String) throws {
    let isText: Bool
    if case .text = table.rows[0][0] { isText = true } else { isText = false }
    let isQuoted = isText || table.columns[0].type == .timestamp

    #expect(try formatted(table, as: "csv") == "x\n\(text)\n")
    #expect(try formatted(table, as: "table").hasSuffix("\n\(text)\n"))
    #expect(
      try formatted(table, as: "ndjson") == "{\"x\": \(isQuoted ? "\"\(text)\"" : text)}\n")
  }

  @Test(
    "what no format can hold is missing",
    arguments: [Value.null, .real(.nan), .real(.infinity), .real(-.infinity)],
    [ValueType.number, .timestamp])
  func missing(value: Value, type: ValueType) throws {
    let table = cell(value, type)
    #expect(try formatted(table, as: "ndjson") == "{}\n")
    #expect(try formatted(table, as: "csv") == "x\n\"\"\n")
    #expect(try formatted(table, as: "table").hasSuffix("─\n\n"))
  }

  @Test(
    "times beyond the calendar's usual years do not crash",
    arguments: [Value.integer(.min), .integer(.max), .real(1e300)])
  func extremeTimes(value: Value) throws {
    #expect(try formatted(cell(value, .timestamp), as: "csv").count > 4)
  }
}
