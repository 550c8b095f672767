import InsightsText
import Testing

@Suite("Timestamp")
struct TimestampTests {
  private func parse(_ text: String) -> Timestamp.Match? {
    Array(text.utf8).withUnsafeBufferPointer { Timestamp.parseAny($0) }
  }

  private func text(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(
    "the clocks that log files hold are read",
    arguments: [
      ("2026-02-11T09:15:00Z", 0), ("2026-02-11T09:15:00.1Z", 100),
      ("2026-02-11T09:15:00.123Z", 123), ("2026-02-11T09:15:00.123456789Z", 123),
      ("2026-02-11T10:15:00.123+01:00", 123), ("2026-02-11T10:15:00.123+0100", 123),
      ("2026-02-11T04:15:00.123-05:00", 123), ("2026-02-11T09:15:00", 0),
      ("2026-02-11 09:15:00,123+0000", 123), ("2026/02/11 09:15:00.000004", 0),
      ("11/Feb/2026:09:15:00 +0000", 0), ("11/Feb/2026:10:15:00 +0100", 0),
      ("11 Feb 2026 09:15:00,123", 123), ("11-Feb-2026 09:15:00 UTC", 0),
      ("Wed Feb 11 09:15:00 UTC 2026", 0), ("1770801300", 0), ("1770801300.123", 123),
      ("1770801300123", 123), ("1770801300123456", 123), ("1770801300123456789", 123),
    ])
  func clocks(_ text: String, _ milliseconds: Int64) {
    let match = parse(text)
    #expect(match?.milliseconds == 1_770_801_300_000 + milliseconds)
    #expect(match?.end == text.utf8.count)
  }

  @Test(
    "what is no time is none",
    arguments: [
      "", "2026", "2026-02-11", "2026-13-11T09:15:00Z", "2026-02-30T09:15:00Z",
      "2026-02-11T24:15:00Z", "2026-02-11T09:60:00Z", "2026-02-11T09:15:61Z",
      "2026-02/11T09:15:00Z", "11/02/2026 09:15", "17708013001", "99999999999999999999",
      "9999999999999999999", "2026-02-11T09:15:0", "Foo Feb 11 09:15:00 UTC 2026",
    ])
  func noClocks(_ text: String) {
    #expect(parse(text) == nil)
  }

  @Test("the most frequent form is read as its relatives are, whatever byte is wrong in it")
  func exactForm() {
    let good = Array("2026-02-11T09:15:37.123".utf8)
    for index in good.indices {
      for byte in UInt8.min...UInt8.max {
        // A zone, of which the fourth digit would be part.
        if index == 19, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { continue }
        var text = good
        text[index] = byte
        let exact = (text + Array("Z".utf8)).withUnsafeBufferPointer {
          Timestamp.parseISO8601($0)
        }
        // A fourth digit takes the longer way.
        let other = (text + Array("0Z".utf8)).withUnsafeBufferPointer {
          Timestamp.parseISO8601($0)
        }
        #expect(exact?.milliseconds == other?.milliseconds)
        #expect((exact?.end == 24) == (other?.end == 25))
      }
    }
  }

  @Test("a leap second is the next minute's first")
  func leapSecond() {
    #expect(parse("2016-12-31T23:59:60Z")?.milliseconds == 1_483_228_800_000)
  }

  @Test("the end is that of the time, not of the text")
  func end() {
    #expect(parse("2026-02-11T09:15:00.123Z START")?.end == 24)
    #expect(parse("2026-02-11 09:15:00 +1 thing")?.end == 19)
  }

  @Test("an offset beyond the text is no time", arguments: [-1, 5, Int.max])
  func offsets(_ offset: Int) {
    let isTime = Array("2026".utf8).withUnsafeBufferPointer {
      Timestamp.parseISO8601($0, at: offset) != nil || Timestamp.parseAny($0, at: offset) != nil
    }
    #expect(!isTime)
  }

  @Test(
    "times are shown as results show them",
    arguments: [
      (0, "1970-01-01 00:00:00.000"), (1_770_801_300_123, "2026-02-11 09:15:00.123"),
      (-1, "1969-12-31 23:59:59.999"), (951_782_400_000, "2000-02-29 00:00:00.000"),
    ])
  func shown(_ milliseconds: Int64, _ shown: String) {
    #expect(text(milliseconds) == shown)
  }

  @Test("the ends of the number range do not trap")
  func extremes() {
    #expect(text(.max).hasPrefix("292278994-08-17"))
    #expect(text(.min).hasPrefix("-292275055-05-16"))
  }

  @Test("days and dates are inverse to each other")
  func calendar() {
    for days in stride(from: -800_000, through: 800_000, by: 61) {
      let date = Timestamp.civil(fromDays: days)
      #expect(Timestamp.days(fromCivil: date.year, date.month, date.day) == days)
    }
    #expect(Timestamp.days(fromCivil: 1900, 2, 29) == nil)
    #expect(Timestamp.days(fromCivil: 2000, 2, 29) == 11_016)
    #expect(Timestamp.days(fromCivil: .max, 1, 1) == nil)
  }
}
