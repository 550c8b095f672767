import InsightsText
import Testing

@Suite struct TimeZoneTests {
  @Test(
    "time zone: distances from UTC",
    arguments: [
      ("UTC", 0), ("Z", 0), ("+02:00", 7200), ("-0330", -12_600), ("+5", 18_000), ("-11", -39_600),
    ])
  func offsets(text: String, seconds: Int64) throws {
    #expect(try #require(TimeZone.named(text)).offset(atMilliseconds: 0) == seconds * 1000)
  }

  @Test(
    "time zone: what is no name is none",
    arguments: ["", "+", "2", "+99", "+02:75", "europe/../etc", "+1:2:3:4:5", "+٣"])
  func noOffset(text: String) {
    #expect(TimeZone.named(text) == nil)
  }

  @Test(
    "time zone: the last rule of a zone file holds for every year after",
    arguments: [
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2030-03-31T00:59:59Z", 3600),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2030-03-31T01:00:00Z", 7200),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T00:59:59Z", 7200),
      ("CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T01:00:00Z", 3600),
      // The other half of the earth has its summer over New Year.
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T00:00:00Z", 39_600),
      ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-07-01T00:00:00Z", 36_000),
      ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T06:59:59Z", -18_000),
      ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", -14_400),
      ("<+0530>-5:30", "2026-03-08T07:00:00Z", 19_800),
      ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10_800),
      ("AAA3BBB,J60/0,J300/0", "2024-03-01T03:00:00Z", -7200),
      ("AAA3BBB,J60/0,J300/0", "2024-02-29T23:00:00Z", -10_800),
      ("AAA3BBB,59/0,300/0", "2024-02-29T03:00:00Z", -7200),
    ])
  func rules(rule: String, time: String, seconds: Int64) throws {
    let zone = try #require(TimeZone(name: "x", zoneFile: zoneFile(rule: rule)))
    let milliseconds = try #require(Timestamp.parseISO8601(time))
    #expect(zone.offset(atMilliseconds: milliseconds) == seconds * 1000)
  }

  @Test("time zone: transitions hold from their second on, before the first the first type")
  func transitions() throws {
    let zone = try #require(
      TimeZone(
        name: "x",
        zoneFile: zoneFile(transitions: [(1000, 1), (2000, 0)], offsets: [3600, 7200], rule: "")))
    #expect(zone.offset(atMilliseconds: 999_999) == 3_600_000)
    #expect(zone.offset(atMilliseconds: 1_000_000) == 7_200_000)
    #expect(zone.offset(atMilliseconds: 2_000_000) == 3_600_000)
    #expect(zone.offset(atMilliseconds: .min) == 3_600_000)
    #expect(zone.offset(atMilliseconds: .max) == 3_600_000)
  }

  @Test("time zone: damaged zone files are refused, never read beyond their end")
  func damaged() throws {
    let file = zoneFile(
      transitions: [(1000, 1)], offsets: [0, 3600], rule: "EST5EDT,M3.2.0,M11.1.0")
    for count in 0..<file.count { _ = TimeZone(name: "x", zoneFile: Array(file[..<count])) }
    for index in file.indices {
      var damaged = file
      damaged[index] ^= 0xFF
      _ = TimeZone(name: "x", zoneFile: damaged)?.offset(atMilliseconds: 1_770_801_300_123)
    }
    #expect(TimeZone(name: "x", zoneFile: Array(file[..<60])) == nil)
    #expect(TimeZone(name: "x", zoneFile: Array("not a zone".utf8)) == nil)
  }

  @Test("time zone: extremes of time do not overflow", arguments: [Int64.min, .max, 0])
  func extremes(time: Int64) throws {
    let zone = try #require(
      TimeZone(name: "x", zoneFile: zoneFile(rule: "EST5EDT,M3.2.0,M11.1.0")))
    var bytes: [UInt8] = []
    Timestamp.append(time, in: zone, to: &bytes)
    #expect(bytes.suffix(6).elementsEqual("-05:00".utf8))
  }

  @Test("time zone: a time is shown with its distance from UTC, in UTC without")
  func shown() throws {
    let time = try #require(Timestamp.parseISO8601("2026-02-11T23:15:00.123Z"))
    func text(_ zone: String) throws -> String {
      var bytes: [UInt8] = []
      let zone = try #require(TimeZone.named(zone))
      Timestamp.append(time, in: zone, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(try text("UTC") == "2026-02-11 23:15:00.123")
    #expect(try text("+05:30") == "2026-02-12 04:45:00.123+05:30")
    #expect(try text("-03:30") == "2026-02-11 19:45:00.123-03:30")
  }

  /// A file of version 2 whose first block is empty, as the tz database's compiler may write it.
  private func zoneFile(
    transitions: [(time: Int64, type: UInt8)] = [], offsets: [Int32] = [0], rule: String
  ) -> [UInt8] {
    func header(_ counts: [UInt32]) -> [UInt8] {
      Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts.flatMap { bytes(of: $0) }
    }
    var file = header([0, 0, 0, 0, 1, 1]) + [UInt8](repeating: 0, count: 7)
    file += header([0, 0, 0, UInt32(transitions.count), UInt32(offsets.count), 1])
    file += transitions.flatMap { bytes(of: $0.time) } + transitions.map(\.type)
    file += offsets.flatMap { bytes(of: $0) + [0, 0] } + [0]
    return file + "\n\(rule)\n".utf8
  }

  private func bytes(of number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
