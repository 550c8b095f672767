import InsightsModel
import InsightsOutput
import Testing

@Suite struct SummaryTableTests {
  @Test("a summary: names as words, times as times, digits in groups, what is missing left out")
  func summary() throws {
    var output = OutputBuffer()
    try SummaryTable.write(
      [
        ("events", .integer(1_234_567)), ("first_event_ms", .integer(1_770_800_400_123)),
        ("last_event_ms", .null), ("cold_starts", .integer(0)), ("offset", .integer(-1000)),
        ("seconds", .real(0.123456)),
      ], for: .none, to: &output)
    #expect(
      String(decoding: output.bytes, as: UTF8.self) == """
        events       1,234,567
        first event  2026-02-11 09:00:00.123
        cold starts  0
        offset       -1,000
        seconds      0.1235

        """)
  }
}
