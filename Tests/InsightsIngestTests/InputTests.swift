import InsightsIngest
import InsightsModel
import InsightsStore
import Testing

@Suite("Inputs")
struct InputTests {
  @Test("an empty file is fine")
  func emptyFile() throws {
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([try folder.write("", to: "empty")])
    #expect(summary.files == 1)
    #expect(summary.events == 0)
    #expect(summary.notices.isEmpty)
  }

  @Test("a missing path is told, the others are read")
  func missing() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one\n", to: "a")
    let summary = try folder.ingest([folder.path + "/nowhere", file])
    #expect(summary.events == 1)
    #expect(summary.notices.map(\.kind) == [.unreadable])
    #expect(summary.warnings == 1)
  }

  @Test("a folder is read with all below it, hidden files and export tests aside")
  func folders() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("b\n", to: "in/b/2.log")
    _ = try folder.write("a\n", to: "in/a/1.log")
    _ = try folder.write("hidden\n", to: "in/.hidden")
    _ = try folder.write("Permission Check Successful", to: "in/aws-logs-write-test")
    let summary = try folder.ingest([folder.path + "/in"])
    #expect((summary.files, summary.events, summary.warnings) == (2, 2, 0))
    #expect(try folder.column("SELECT message FROM log_events ORDER BY id") == ["a", "b"])
  }

  @Test("names given by the user hold where the input does not say")
  func options() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one\n", to: "a")
    try folder.ingest(
      [file], options: ImportOptions(logGroup: "/aws/lambda/f", logStream: "2026/[1]a"))
    let names = try folder.rows(
      "SELECT g.name, s.name FROM log_streams s JOIN log_groups g ON g.id = s.log_group_id")
    #expect(names == [["/aws/lambda/f", "2026/[1]a"]])
  }

  private static let windowsTexts: [[UInt8]] = {
    let units = Array("one\r\ntwo\r\n".utf16)
    let little: [UInt8] = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big: [UInt8] = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return [
      mark + Array("one\ntwo\n".utf8), Array("one\r\ntwo\r\n".utf8), [0xFF, 0xFE] + little,
      [0xFE, 0xFF] + big,
    ]
  }()

  @Test("what Windows writes is repaired and told", arguments: windowsTexts)
  func windows(_ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([try folder.write(bytes, to: "a.txt")])
    #expect(try folder.column("SELECT message FROM log_events ORDER BY id") == ["one", "two"])
    #expect(!summary.notices.isEmpty)
    #expect(summary.notices.allSatisfy { $0.kind == .repaired })
  }

  @Test("byte order marks where files were joined are left out, others stay")
  func innerMarks() throws {
    let folder = try TemporaryFolder()
    let text = "\u{FEFF}one\n\u{FEFF}two\na \u{FEFF}b\n"
    let summary = try folder.ingest([try folder.write(text, to: "a")])
    #expect(
      try folder.column("SELECT message FROM log_events ORDER BY id")
        == ["one", "two", "a \u{FEFF}b"])
    #expect(summary.notices.allSatisfy { $0.kind == .repaired })
  }

  @Test("times of another unit are told")
  func implausibleTimes() throws {
    let folder = try TemporaryFolder()
    let text = #"{"events":[{"timestamp":86400000,"message":"a"}]}"#
    let summary = try folder.ingest([try folder.write(text, to: "a")])
    #expect(summary.events == 1)
    #expect(summary.notices.map(\.kind) == [.repaired])
  }

  @Test("bytes that are no UTF-8 are kept as they are")
  func invalidUTF8() throws {
    let folder = try TemporaryFolder()
    try folder.ingest([try folder.write([0x61, 0xFF, 0xC0, 0x62, 0x0A], to: "a")])
    #expect(try folder.column("SELECT hex(message) FROM log_events") == ["61FFC062"])
  }

  @Test("gzip that is damaged or cut gives what inflates", arguments: [40, 60, 100])
  func cutGzip(_ percent: Int) throws {
    // `2026-03-04T10:00:0n.000Z line n`, n from 0 to 9, made by gzip.
    let folder = try TemporaryFolder()
    let kept = Self.gzip.prefix(Self.gzip.count * percent / 100)
    let summary = try folder.ingest([try folder.write(kept, to: "a.bin")])
    if percent == 100 {
      #expect(summary.events == 10)
      #expect(summary.notices.isEmpty)
    } else {
      #expect(summary.events < 10)
      #expect(summary.notices.contains { $0.kind == .lossy })
    }
    #expect(summary.bytes == kept.count)
  }

  @Test("gzip members follow each other; other bytes behind them are told")
  func gzipMembers() throws {
    let folder = try TemporaryFolder()
    let twice = try folder.write(Self.gzip + Self.gzip + [0, 0, 0], to: "a")
    let whole = try folder.ingest([twice])
    #expect(whole.events == 20)
    let tail = try folder.write(Self.gzip + Array("garbage".utf8), to: "b")
    let summary = try folder.ingest([tail], options: ImportOptions(logGroup: "other"))
    #expect(summary.events == 10)
    #expect(summary.notices.map(\.kind) == [.lossy])
  }

  /// A zstd frame whose only block is stored as it is.
  private static func zstdFrame(_ text: String) -> [UInt8] {
    let size = text.utf8.count
    let header = size << 3 | 1
    return [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(size)]
      + [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), 0] + Array(text.utf8)
  }

  @Test("zstd frames that are to be skipped are skipped", arguments: [0x50, 0x57, 0x5F] as [UInt8])
  func skippableFrames(_ first: UInt8) throws {
    let folder = try TemporaryFolder()
    let skippable: [UInt8] = [first, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]
    let one = Self.zstdFrame("2026-03-04T10:00:00.000Z a\n")
    let two = Self.zstdFrame("2026-03-04T10:00:00.001Z b\n")
    let path = try folder.write(skippable + one + skippable + two + skippable, to: "a")
    let summary = try folder.ingest([path])
    #expect(summary.notices.isEmpty)
    #expect(
      try folder.column("SELECT message FROM log_events ORDER BY timestamp") == ["a", "b"])
  }

  @Test(
    "a gzip or zstd head with nonsense behind it gives no event and is told",
    arguments: [[0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], [0x28, 0xB5, 0x2F, 0xFD, 0xFF, 0xFF]])
  func nonsense(_ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let summary = try folder.ingest([try folder.write(bytes, to: "a")])
    #expect(summary.events == 0)
    #expect(summary.notices.contains { $0.kind == .lossy })
  }

  @Test("after an import the store is one file of the store's kind")
  func oneFile() throws {
    let folder = try TemporaryFolder()
    try folder.ingest([try folder.write("one\n", to: "in/a")])
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["1"])
    #expect(try folder.column("PRAGMA journal_mode") == ["delete"])
    #expect(throws: StoreError.notAStore(path: folder.path + "/in/a")) {
      try Store(path: folder.path + "/in/a", access: .readOnly)
    }
    #expect(throws: StoreError.self) {
      try Store(path: folder.path + "/nowhere.db", access: .readOnly)
    }
  }

  @Test("discovered fields are counted by events")
  func fields() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "{\"a\":1,\"b\":{\"c\":2}}\ntext {\"a\":2,\"a\":3}\nno json {\n", to: "a")
    try folder.ingest([file])
    #expect(
      try folder.rows("SELECT name, event_count FROM fields ORDER BY name")
        == [["a", "2"], ["b.c", "1"]])
    #expect(
      try folder.column("SELECT json_offset FROM log_events ORDER BY id") == ["0", "5", nil])
  }

  private static let gzip: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 109, 201, 49, 14, 128, 32, 16, 4, 192, 158, 87, 240,
    1, 204, 114, 192, 1, 190, 131, 202, 222, 194, 196, 248, 255, 210, 216, 109, 226, 38,
    211, 141, 193, 60, 161, 36, 212, 149, 177, 227, 179, 1, 56, 226, 125, 61, 103, 68,
    176, 223, 103, 250, 44, 222, 232, 77, 124, 161, 47, 226, 43, 125, 21, 223, 232, 155,
    120, 167, 119, 241, 157, 190, 139, 31, 244, 67, 252, 164, 159, 225, 5, 83, 14, 134,
    45, 64, 1, 0, 0,
  ]
}
