import Foundation
import InsightsStore
import Testing

@testable import InsightsIngest

@Suite("Limits")
struct LimitTests {
  @Test("an archive that inflates without end is cut at the limit, what precedes it is kept")
  func inflation() throws {
    let folder = try TemporaryFolder()
    let line = "2026-03-04T10:00:00.000Z line\n"
    // Stored gzip blocks need no compressor: a head, the blocks, and no end.
    var gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
    for _ in 0..<100 {
      let block = Array(String(repeating: line, count: 100).utf8)
      let count = UInt16(block.count)
      gzip += [
        0, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8),
      ]
      gzip += block
    }
    let file = try folder.write(gzip, to: "a")
    let limit = line.utf8.count * 250 + 3
    let summary = try folder.ingest([file], options: ImportOptions(inflatedByteLimit: limit))
    #expect(summary.events == 250)
    #expect(summary.notices.contains { $0.kind == .lossy && $0.message.contains("inflates") })
  }

  @Test("events of a megabyte are read whole", arguments: ["s3-export", "tail", "text", "json"])
  func longEvents(_ kind: String) throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 1 << 20)
    let text =
      switch kind {
      case "s3-export": "2026-03-04T10:00:00.000Z \(long)\n2026-03-04T10:00:01.000Z b\n"
      case "tail": "2026-03-04T10:00:00 \(long)\n2026-03-04T10:00:01 b\n"
      case "json":
        #"{"events":[{"timestamp":1772618400000,"message":"\#(long)"},"#
          + #"{"timestamp":1772618400001,"message":"b"}]}"#
      default: "\(long)\nb\n"
      }
    let summary = try folder.ingest([try folder.write(text, to: "a")])
    #expect(summary.events == 2)
    #expect(summary.notices.isEmpty)
    #expect(
      try folder.column("SELECT length(message) FROM log_events ORDER BY id") == ["1048576", "1"])
  }

  @Test(
    "a line without end keeps no more than the limit in memory, and what follows is read",
    arguments: [
      ("text", "a ", "\nb\nc\n"), ("tail", "2026-03-04T10:00:00 ", "\n2026-03-04T10:00:01 b\n"),
      ("s3-export", "2026-03-04T10:00:00.000Z ", "\n2026-03-04T10:00:01.000Z b\n"),
      (
        "docker-logs", "2026-03-04T10:00:00.004123456Z ", "\n2026-03-04T10:00:01.004123456Z b\n"
      ),
      (
        "filter-log-events", "{\"events\":[{\"timestamp\":1,\"message\":\"",
        "\"},{\"timestamp\":2,\"message\":\"b\"}]}"
      ),
      (
        "log-events", "{\"timestamp\":1,\"message\":\"",
        "\"}\n{\"timestamp\":2,\"message\":\"b\"}\n"
      ),
      ("console-csv", "timestamp,message\n1,\"", "\"\n1772618400000,b\n"),
      (
        "insights-markdown", "| @timestamp | @message |\n| --- | --- |\n| 2026",
        "\n| 2026-03-04 10:00:00.000 | b |\n"
      ),
    ])
  func endlessLine(_ name: String, _ head: String, _ tail: String) throws {
    var format = try #require(LogFormatRegistry.format(named: name)).init()
    let limits = LogEventBatch.Limits(eventByteCount: 4096, recordByteCount: 8192)
    var batch = LogEventBatch(defaultStream: StreamTable.Names(), limits: limits)
    var window = Array(head.utf8)
    var longest = 0
    for step in 0...100 {
      window += [UInt8](repeating: UInt8(ascii: "x"), count: 512)
      if step == 100 { window += Array(tail.utf8) }
      longest = max(longest, window.count)
      let used = window.withUnsafeBufferPointer {
        format.read($0, ending: step == 100 ? .end : .more, into: &batch)
      }
      window.removeSubrange(..<min(used, window.count))
    }
    #expect(longest <= limits.recordByteCount + 2048)
    #expect(batch.events.allSatisfy { $0.message.count <= limits.eventByteCount + 1024 })
    #expect(batch.remarks.contains { $0.kind == .lossy })
    let messages = batch.messages
    #expect(messages.contains("b"))
    #expect(messages.count <= 3)
  }

  @Test("JSON nested without end does no harm")
  func nesting() throws {
    let folder = try TemporaryFolder()
    for (index, text) in [
      String(repeating: "[", count: 50_000), String(repeating: "{\"a\":", count: 10_000),
      "{\"events\":[" + String(repeating: "{\"message\":[", count: 10_000),
      String(repeating: "{", count: 10_000), String(repeating: "}{", count: 20_000),
    ].enumerated() {
      let summary = try folder.ingest([try folder.write(text, to: "\(index)")])
      #expect(summary.files == 1)
    }
  }

  @Test("a folder that holds itself is read once and told, as are files behind links")
  func loops() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("one\n", to: "in/a/1.log")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/in/a/loop", withDestinationPath: folder.path + "/in")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/in/z", withDestinationPath: folder.path + "/in/a")
    let summary = try folder.ingest([folder.path + "/in"])
    #expect((summary.files, summary.events) == (1, 1))
    #expect(summary.notices.map(\.path) == [folder.path + "/in/a/loop"])
    #expect(summary.notices.map(\.kind) == [.repaired])
  }

  @Test("a README in a folder of logs is no log; given by its name it is one")
  func readme() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("one\n", to: "in/a.log")
    let readme = try folder.write("# What this is\n", to: "in/README.md")
    #expect(try folder.ingest([folder.path + "/in"]).files == 1)
    #expect(try folder.ingest([readme]).events == 1)
  }

  @Test("an unreadable file is told with the system's reason, the others are read")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("one\n", to: "in/a.log")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/in/b.log", withDestinationPath: folder.path + "/nowhere")
    let summary = try folder.ingest([folder.path + "/in"])
    #expect(summary.events == 1)
    #expect(summary.notices.map(\.kind) == [.unreadable])
    #expect(summary.notices.map(\.path) == [folder.path + "/in/b.log"])
  }

  @Test("a subscription document that is cut gives its whole events")
  func cutDocument() throws {
    let folder = try TemporaryFolder()
    let text =
      #"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":["#
      + #"{"id":"1","timestamp":1,"message":"a"},{"id":"2","timestamp":2,"mess"#
    let summary = try folder.ingest([try folder.write(text, to: "a")])
    #expect(try folder.column("SELECT message FROM log_events") == ["a"])
    #expect(summary.notices.contains { $0.kind == .lossy })
  }
}
