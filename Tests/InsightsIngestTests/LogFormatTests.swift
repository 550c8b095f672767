import InsightsStore
import Testing

@testable import InsightsIngest

@Suite("Log formats")
struct LogFormatTests {
  /// The events that a format reads from a text that comes in pieces of a given size.
  ///
  /// With `copies` every text is copied out of the window, else only those that do not stand there.
  private func messages(
    _ text: String, as format: any LogFormat.Type, pieceSize: Int = .max,
    ending: WindowEnding = .end, copies: Bool = true
  ) -> (messages: [String], times: [Int64?], remarks: Int, losses: Int) {
    var format = format.init()
    var batch = LogEventBatch(defaultStream: StreamTable.Names())
    var result: (messages: [String], times: [Int64?], remarks: Int, losses: Int) = ([], [], 0, 0)
    var window: [UInt8] = []
    var rest = Array(text.utf8)[...]
    repeat {
      let piece = rest.prefix(pieceSize)
      rest = rest.dropFirst(piece.count)
      window.append(contentsOf: piece)
      let used = window.withUnsafeBufferPointer {
        if !copies { batch.begin($0) }
        let used = format.read($0, ending: rest.isEmpty ? ending : .more, into: &batch)
        result.messages += batch.messages
        return used
      }
      result.times += batch.events.map(\.timestamp)
      result.remarks += batch.remarks.count
      result.losses += batch.remarks.count { $0.kind == .lossy }
      batch.removeEvents()
      window.removeSubrange(..<min(used, window.count))
    } while !rest.isEmpty
    return result
  }

  private static let formatNames: [String] = LogFormatRegistry.descriptors.map { $0.name }

  @Test("the names of the formats are their own")
  func names() {
    #expect(Set(Self.formatNames).count == Self.formatNames.count)
    #expect(LogFormatRegistry.format(named: "nonsense") == nil)
  }

  @Test("a format recognises and reads its sample, in pieces of any size", arguments: formatNames)
  func samples(_ name: String) throws {
    let format = try #require(LogFormatRegistry.format(named: name))
    let sample = format.descriptor.sample
    let recognized = Array(sample.utf8).withUnsafeBufferPointer {
      LogFormatRegistry.format(recognizing: $0).descriptor.name
    }
    #expect(recognized == name)
    let whole = messages(sample, as: format)
    #expect(!whole.messages.isEmpty)
    #expect(whole.losses == 0)
    for size in [1, 2, 7, 64] {
      let pieces = messages(sample, as: format, pieceSize: size)
      #expect(pieces.messages == whole.messages)
      #expect(pieces.times == whole.times)
      let inPlace = messages(sample, as: format, pieceSize: size, copies: false)
      #expect(inPlace.messages == whole.messages)
    }
  }

  @Test("S3 export: a message keeps its own line end, blank lines inside stay")
  func exportLineEnds() {
    let text = """
      2026-03-04T10:00:00.000Z one

      2026-03-04T10:00:00.001Z two
      2026-03-04T10:00:00.002Z a

      b
      """
    let result = messages(text, as: S3ExportFormat.self)
    #expect(result.messages == ["one\n", "two", "a\n\nb"])
    #expect(result.times == [1_772_618_400_000, 1_772_618_400_001, 1_772_618_400_002])
  }

  @Test(
    "S3 export: the stream is that of the folder",
    arguments: [
      ("x/2026-02-11-[$LATEST]9f8e/000000.gz", "2026/02/11/[$LATEST]9f8e"),
      ("2026-02-11-orders[3]9f8e/1", "2026/02/11/orders[3]9f8e"), ("x/2026-02-11/000000.gz", nil),
      ("000000.gz", nil), ("logs-2026-[a]-long/0", nil),
    ])
  func exportStream(_ path: String, _ stream: String?) {
    #expect(S3ExportFormat.logStream(ofPath: path) == stream)
  }

  @Test("a cut line is left out with a remark, what precedes it stays")
  func cut() {
    let export = "2026-03-04T10:00:00.000Z one\n2026-03-04T10:00:01.000Z tw"
    let result = messages(export, as: S3ExportFormat.self, ending: .cut)
    #expect(result.messages == ["one"])
    #expect(result.remarks == 1)
    #expect(messages("one\ntw", as: PlainTextFormat.self, ending: .cut).messages == ["one"])
  }

  @Test("filter-log-events: several replies, other tools' words between, and a cut end")
  func replies() {
    let one = "{\"events\":[{\"timestamp\":1,\"message\":\"a\"}],\"nextToken\":\"t\"}"
    let two = "{\"nextForwardToken\":\"f\",\"events\":[{\"message\":\"b\",\"timestamp\":2},{\"mess"
    let result = messages(one + "\nBroken pipe\n" + two, as: FilterLogEventsFormat.self)
    #expect(result.messages == ["a", "b"])
    #expect(result.times == [1, 2])
    #expect(result.remarks >= 2)
  }

  @Test(
    "filter-log-events: damage inside costs only the damaged event",
    arguments: [1, 5, Int.max])
  func damagedReply(_ size: Int) {
    let text =
      "{\"events\":[{\"timestamp\":1,\"message\":\"a\"},{\"timestamp\":oops, \"x\": 1},"
      + "{\"timestamp\":3,\"message\":\"c\"}]}"
    let result = messages(text, as: FilterLogEventsFormat.self, pieceSize: size)
    #expect(result.messages == ["a", "c"])
    #expect(result.remarks > 0)
  }

  @Test("plain text: lines that go on with the one before are one event")
  func grouping() {
    let text = """
      [ERROR]\t2026-03-04T10:00:00.000Z\t7f1c\tfailed
      Traceback (most recent call last):
        File "app.py", line 1, in f
          x()
      KeyError: 'a'

      During handling of the above exception, another exception occurred:

      Traceback (most recent call last):
        File "app.py", line 2, in g
      ValueError: b
      next line
      {
        "a": 1
      }
      java.lang.IllegalStateException: no
      \tat a.B.c(B.java:1)
      Caused by: java.io.IOException
      \t... 2 more
      RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Error: Runtime exited with error: exit status 1
      Runtime.ExitError
      last
      """
    let result = messages(text, as: PlainTextFormat.self)
    #expect(
      result.messages.map { $0.prefix(7) } == [
        "[ERROR]", "next li", "java.la", "Request", "last",
      ])
  }

  @Test("plain text: an outer time is no part of the message, an inner one is")
  func times() {
    let outer = messages(
      "2026-03-04 10:00:00 START RequestId: 7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10 Version: 1\n"
        + "2026-03-04 10:00:01 hello\ngoes on\n", as: PlainTextFormat.self)
    #expect(outer.messages.last == "hello\ngoes on")
    #expect(outer.times.last == 1_772_618_401_000)
    let inner = messages("2026-03-04 10:00:01 hello\n", as: PlainTextFormat.self)
    #expect(inner.messages == ["2026-03-04 10:00:01 hello"])
  }

  @Test("an unknown format is refused with the names of those there are")
  func unknownFormat() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ImportError.unknownLogFormat(name: "x", known: Self.formatNames)) {
      try folder.ingest([], options: ImportOptions(logFormat: "x"))
    }
  }
}
