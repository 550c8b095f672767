import Foundation
import InsightsIngest
import InsightsTestSupport
import Testing

/// Files that are no logs.
@Suite("unsupported files")
struct UnsupportedFileTests {
  private static let noise: [UInt8] = (0..<5000).map {
    UInt8(truncatingIfNeeded: $0 &* 40_503 >> 7)
  }

  @Test(
    "what is no log says what to do instead, each time, and nothing of it is stored",
    arguments: [
      (Array("PK\u{3}\u{4}....[Content_Types].xml".utf8), "Excel"),
      (Array("PK\u{3}\u{4}....a.log".utf8), "zip"), (Array("PK\u{5}\u{6}".utf8), "zip"),
      (Array("PAR1....".utf8), "Parquet"), (Array("Obj\u{1}....".utf8), "Avro"),
      (Array(String(repeating: "a", count: 257).utf8) + Array("ustar".utf8), "tar"),
      (Array("BZh91AY&SY".utf8) + noise, "bzip2"),
      (Array("BZh1".utf8) + [0x17, 0x72, 0x45, 0x38, 0x50, 0x90], "bzip2"),
      ([0xFD] + Array("7zXZ\0".utf8) + noise, "xz"), ([0x5D, 0, 0, 0x80, 0], "lzma"),
      ([0x04, 0x22, 0x4D, 0x18] + noise, "lz4"),
      ([0xFF, 0x06, 0, 0] + Array("sNaPpY".utf8) + noise, "snappy"),
      ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z"), (Array("Rar!\u{1A}\u{7}\0".utf8), "RAR"),
      ([0x7F] + Array("ELF".utf8) + noise, "program"), (noise, "binary"),
    ] as [([UInt8], String)])
  func unsupported(_ head: [UInt8], _ word: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try Data(head).write(to: URL(fileURLWithPath: path))
    for _ in 0..<2 {
      let summary = try folder.ingest([path])
      #expect(summary.events == 0)
      #expect(summary.duplicates == 0)
      #expect(summary.notices.map(\.kind) == [.lossy])
      #expect(summary.notices.first?.message.contains(word) == true, "\(summary.notices)")
    }
  }

  @Test(
    "text is read, however it looks",
    arguments: [
      Array("BZh is how it begins\n".utf8), Array("ORCHESTRATOR is up\n".utf8),
      Array("{ message: 'an object that Node shows', timestamp: 5 }\n".utf8),
      Array("\u{1B}[31mred\u{1B}[0m and \t tabs \r\n".utf8),
      Array("user\u{1}order\u{1}item\u{1}amount in dollars\n".utf8),
      [0x63, 0x61, 0x66, 0xE9, 0x20, 0xE0, 0x20, 0x6C, 0x61, 0x0A],
      Array("日本語のログ\n".utf8),
    ] as [[UInt8]])
  func text(_ bytes: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try folder.ingest([path]).events == 1)
  }

  @Test(
    "times that four digits of a year cannot write are left out with a warning",
    arguments: ["253402300800000", "-62167219200001"])
  func years(time: String) throws {
    let folder = try TemporaryFolder()
    let line = #"{"timestamp":\#(time),"message":"late","logStreamName":"s"}"# + "\n"
    let summary = try folder.ingest([try folder.write(line, to: "a.ndjson")])
    #expect(summary.events == 1)
    #expect(summary.notices.contains { $0.message.contains("9999") }, "\(summary.notices)")
  }
}
