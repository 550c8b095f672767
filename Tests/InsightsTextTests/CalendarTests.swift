import InsightsText
import Testing

@Suite("dates as text")
struct CalendarTests {
  /// 2023-01-02 03:04:05.678 UTC, a Monday.
  private static let time: Int64 = 1_672_628_645_678

  @Test(
    "strftime: every field",
    arguments: [
      ("%Y %C %y %G %g", "2023 20 23 2023 23"), ("%m %d %e %j", "01 02  2 002"),
      ("%H %k %I %l %p %P", "03  3 03  3 AM am"), ("%M %S %L %f %N", "04 05 678 678000 678000000"),
      ("%a %A %b %h %B", "Mon Monday Jan Jan January"), ("%u %w %U %W %V", "1 1 01 01 01"),
      ("%z %:z %Z %s", "+0000 +00:00 UTC 1672628645"),
      ("%F|%T|%R|%D", "2023-01-02|03:04:05|03:04|01/02/23"),
      ("%x|%X|%r", "01/02/23|03:04:05|03:04:05 AM"), ("%c", "Mon Jan  2 03:04:05 2023"),
      ("%-d.%-m.%-H", "2.1.3"), ("%%%Y%%", "%2023%"), ("%t%n%Y", "\t\n2023"), ("é%Yé", "é2023é"),
    ])
  func fields(pattern: String, text: String) throws {
    #expect(try format(Self.time, pattern) == text)
  }

  @Test(
    "strftime: weeks at the turn of the year, times before 1970, years of five digits",
    arguments: [
      // 2021-01-01 was a Friday of the last week of 2020.
      (1_609_459_200_000, "%G-%V %U %W", "2020-53 00 00"),
      (1_609_632_000_000, "%G-%V %u %U %W", "2020-53 7 01 00"),
      (1_546_214_400_000, "%G-%V", "2019-01"), (-1, "%F %T.%L", "1969-12-31 23:59:59.999"),
      (-86_400_000, "%s %j", "-86400 365"), (253_402_300_800_000, "%F", "10000-01-01"),
      (-62_167_219_200_001, "%Y", "-0001"),
    ] as [(Int64, String, String)])
  func calendar(time: Int64, pattern: String, text: String) throws {
    #expect(try format(time, pattern) == text)
  }

  @Test(
    "strftime: beyond all calendars there is no text",
    arguments: [Int64.min, .max, 8_640_000_000_000_001])
  func beyond(time: Int64) throws {
    #expect(try format(time, "%Y") == nil)
  }

  @Test(
    "zones: offsets before, between and after the changes of a year",
    arguments: [
      ("Europe/Berlin", 1_679_792_399_000, "01:59:59 CET"),
      ("Europe/Berlin", 1_679_792_400_000, "03:00:00 CEST"),
      ("Europe/Berlin", 4_102_444_800_000, "01:00:00 CET"),
      ("Europe/Berlin", 4_118_083_200_000, "02:00:00 CEST"),
      ("Australia/Sydney", 4_102_444_800_000, "11:00:00 AEDT"),
      ("America/New_York", 1_672_628_645_000, "22:04:05 EST"),
      ("Asia/Kolkata", 1_672_628_645_000, "08:34:05 IST"),
      ("UTC+2", 1_672_628_645_000, "05:04:05 +02:00"),
      ("-0330", 1_672_628_645_000, "23:34:05 -03:30"), ("GMT", 0, "00:00:00 UTC"),
    ] as [(String, Int64, String)])
  func zones(zone: String, time: Int64, text: String) throws {
    #expect(try format(time, "%T %Z", in: zone) == text)
  }

  @Test(
    "zones: names that are none",
    arguments: [
      "", "Nowhere", "../etc/passwd", "/etc/passwd", "Europe/../Europe/Berlin", "europe/berlin",
      "Europe", "Europe/", "+", "+24:00", "+1:2:3:4", "UTC+", "+02:60", "A\u{0}",
      "Etc/UTC\u{0}", "\u{301}",
    ])
  func noZones(name: String) {
    #expect(TimeZone.named(name) == nil)
  }

  @Test(
    "Java's patterns: texts that match and texts that do not",
    arguments: [
      ("yyyy-MM-dd", "2023-01-02", 1_672_617_600_000), ("yyyy-MM-dd", "2023-13-02", nil),
      ("yyyy-MM-dd", "2023-02-29", nil), ("yyyy-MM-dd", "2024-02-29", 1_709_164_800_000),
      ("yyyy-MM-dd", "2023-01-0", nil), ("yyyy-MM-dd", "", nil), ("yyyy-MM-dd", "2023-01-02 ", nil),
      ("yyyy-D", "2024-366", 1_735_603_200_000), ("yyyy-D", "2023-366", nil),
      ("yy/M/d", "23/1/2", 1_672_617_600_000), ("HH:mm:ss.SSS", "00:00:01.5", nil),
      ("HH:mm:ss.SSS", "00:00:01.500", 1500), ("ss.SSSSSSSSS", "01.999999999", 1999),
      ("hh a", "12 PM", 43_200_000), ("hh a", "12 AM", 0), ("hh a", "13 AM", nil),
      ("kk", "24", 0), ("K a", "11 pm", 82_800_000), ("HH", "24", nil), ("ss", "60", 60_000),
      ("HHX", "02+01", 3_600_000), ("HHXXX", "02+01:30", 1_800_000), ("HHz", "02UTC", 7_200_000),
      ("HHX", "02Z", 7_200_000), ("HHX", "02+", nil), ("HHX", "02+19", nil), ("HHX", "02", nil),
      ("EEE d MMM yyyy", "mon 2 JAN 2023", 1_672_617_600_000), ("MMM", "Foo", nil),
      ("yyyy", "999999999999999999999", nil), ("y", "999999", 31_494_753_244_800_000),
    ] as [(String, String, Int64?)])
  func patterns(pattern: String, text: String, time: Int64?) throws {
    let datePattern = try DatePattern(pattern)
    let utc = try #require(TimeZone.named("UTC"))
    #expect(withBytes(of: text) { datePattern.time(of: $0, in: utc) } == time)
  }

  @Test("a local time that clocks skip is as much later, one that comes twice is the first")
  func localTimes() throws {
    let pattern = try DatePattern("yyyy-MM-dd HH:mm")
    let berlin = try #require(TimeZone.named("Europe/Berlin"))
    func time(_ text: String) -> Int64? { withBytes(of: text) { pattern.time(of: $0, in: berlin) } }
    #expect(time("2023-03-26 02:30") == 1_679_794_200_000)
    #expect(time("2023-03-26 01:59") == 1_679_792_340_000)
    #expect(time("2023-10-29 02:30") == 1_698_539_400_000)
    #expect(time("2023-10-29 03:00") == 1_698_544_800_000)
  }

  @Test(
    "patterns that are none",
    arguments: ["%Y", "yyyy 'T", "b", "yyyy[MM]", "YYYY", "é%d"])
  func noPatterns(pattern: String) {
    #expect(throws: DatePatternError.self) { try DatePattern(pattern) }
  }

  @Test(
    "formats that are none", arguments: ["", "yyyy", "%", "%Y %", "%-", "%:", "%:Y", "%q", "%é"])
  func noFormats(pattern: String) {
    #expect(throws: DatePatternError.self) { try DateFormat(pattern) }
  }

  private func format(_ time: Int64, _ pattern: String, in zone: String = "UTC") throws -> String? {
    var output: [UInt8] = []
    let zone = try #require(TimeZone.named(zone))
    return try DateFormat(pattern).append(time, in: zone, to: &output)
      ? String(decoding: output, as: UTF8.self) : nil
  }
}
