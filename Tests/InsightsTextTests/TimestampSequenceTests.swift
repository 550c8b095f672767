import InsightsText
import Testing

@Suite("Times that follow each other")
struct TimestampSequenceTests {
  private func read(_ text: String, _ sequence: inout TimestampSequence) -> Int64? {
    Array(text.utf8).withUnsafeBufferPointer { sequence.read($0, at: 0) }
  }

  @Test("each is what it is when read alone")
  func times() {
    let texts = [
      "2026-02-11T09:15:00.123Z", "2026-02-11T09:15:59.999Z", "2026-02-11T09:15:60.000Z",
      "2026-02-11T09:16:00.000Z", "2026-02-11T09:15:00.000Z", "2026-02-12T09:15:00.000Z",
      "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:00.000Z", "2024-02-29T00:00:00.000Z",
    ]
    var sequence = TimestampSequence()
    for text in texts { #expect(read(text, &sequence) == Timestamp.parseISO8601(text)) }
  }

  @Test(
    "what is no such time is none, also behind one of the same minute",
    arguments: [
      "2026-02-11T09:15:61.123Z", "2026-02-11T09:15:0a.123Z", "2026-02-11T09:15:00.12Z ",
      "2026-02-11T09:15:00,123Z", "2026-02-11T09:15:00.123+", "2026-02-11T09:15:00.123",
      "2026-02-30T09:15:00.123Z", "2026-02-11T24:15:00.123Z", "2026-02-11T09:60:00.123Z",
      "2026/02/11T09:15:00.123Z", "",
    ])
  func others(_ text: String) {
    var sequence = TimestampSequence()
    #expect(read(text, &sequence) == nil)
    #expect(read("2026-02-11T09:15:00.123Z", &sequence) != nil)
    #expect(read(text, &sequence) == nil)
  }

  @Test("a minute of NULs is none before the first time")
  func nothingBefore() {
    var sequence = TimestampSequence()
    let text = [UInt8](repeating: 0, count: 16) + Array(":00.123Z".utf8)
    #expect(text.withUnsafeBufferPointer { sequence.read($0, at: 0) } == nil)
    #expect(text.withUnsafeBufferPointer { sequence.read($0, at: -1) } == nil)
    #expect(text.withUnsafeBufferPointer { sequence.read($0, at: .max - 3) } == nil)
  }
}
