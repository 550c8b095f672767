import InsightsIngest
import InsightsTestSupport
import Testing

@testable import InsightsIngest
@testable import InsightsStore

/// Errors of an init belong to the request that needed it, however many there are and whenever
/// their rows left memory.
@Suite("Init errors")
struct InitErrorTests {
  private static let request = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"
  private static let type = "Runtime.ImportModuleError"

  private static func error(_ number: Int) -> String {
    #"{"errorType":"\#(type)","errorMessage":"no \#(number % 7)","stackTrace":[]}"#
  }

  private static func initReport(_ phase: String) -> String {
    "INIT_REPORT Init Duration: 12.00 ms\tPhase: \(phase)\tStatus: error\tError Type: \(type)"
  }

  /// Errors of an init by itself, then `count` of an init that a request needed; a logged error
  /// stands among them now and then.
  private static func messages(_ count: Int) -> [String] {
    let logged = """
      {"level":"ERROR","message":"x","exc_info":"Traceback (most recent call last):\\n\
        File \\"/var/task/z.py\\", line 9, in g\\n    y\\nIndexError: i"}
      """
    var messages = [error(0), error(1), initReport("init")]
    for number in 0..<count {
      messages.append(error(number))
      if number % 1000 == 3 { messages.append(logged) }
    }
    return messages + [
      initReport("invoke"), "START RequestId: \(request) Version: $LATEST",
      "REPORT RequestId: \(request)\tDuration: 3.00 ms\tBilled Duration: 5 ms\t"
        + "Memory Size: 128 MB\tMax Memory Used: 60 MB\t",
    ]
  }

  /// The number of errors by kind and request.
  private static func expected(_ count: Int) -> [[String?]] {
    [
      ["logged", nil, "\((count + 996) / 1000)"], ["unhandled", nil, "2"],
      ["unhandled", request, "\(count)"],
    ]
  }

  @Test(
    "rows that left get the request, if they leave early or not",
    arguments: [1, 10, 9999, 10_000, 10_001, 19_999, 20_000, 20_001, 100_000], [false, true])
  func assembler(count: Int, isEarly: Bool) {
    var assembler =
      isEarly ? InvocationAssembler(history: RequestHistory()) : InvocationAssembler()
    var stored: [Int64: ErrorTable.Row] = [:]
    var invocations: [InvocationTable.Row] = []
    var nextID: Int64 = 1
    var largest = 0
    func store(_ rows: InvocationAssembler.SettledRows) {
      // Rows of other streams are stored in between.
      nextID += 5
      assembler.noteStored(rows, firstErrorID: nextID)
      for row in rows.errors {
        stored[nextID] = row
        nextID += 1
      }
      for late in rows.lateRequests {
        for id in late.errorIDs { stored[id]?.requestID = late.requestID }
      }
      invocations += rows.invocations
      largest = max(largest, rows.errors.count)
    }
    for (number, message) in Self.messages(count).enumerated() {
      Array(message.utf8).withUnsafeBufferPointer {
        assembler.consume($0, timestamp: Int64(number))
      }
      if isEarly {
        if number % 4096 == 4 { store(assembler.takeRowsEarly()) }
      } else if let rows = assembler.takeSettledRows() {
        store(rows)
      }
    }
    store(assembler.takeLastRows())
    #expect(!assembler.isIrregular)
    #expect(invocations.map(\.status) == [.error])
    #expect(invocations.map(\.errorType) == [Self.type])
    #expect(largest <= (isEarly ? 4100 : 2 * InvocationAssembler.reach))
    let charged = stored.values.filter { $0.requestID?.description == Self.request }
    #expect(charged.count == count)
    #expect(charged.allSatisfy { $0.kind == .unhandled })
    #expect(stored.count == count + 2 + (count + 996) / 1000)
  }

  /// The parts of a log, and the segments' size: rows leave after each segment.
  private static let divisions: [(count: Int, parts: [Int], segment: Int)] = [
    (10, [20], 3), (10, [4, 4, 4, 4], 3), (10, [14, 1, 1, 1], 100), (10_001, [10_020], 8192),
    (20_001, [9000, 11_020, 1, 1, 1, 100], 8192),
  ]

  @Test("a file in several segments", arguments: divisions)
  func file(count: Int, parts: [Int], segment: Int) throws {
    let folder = try TemporaryFolder()
    let options = ImportOptions(segmentEventLimit: segment)
    try folder.ingest(
      [try folder.write(Self.reply(Self.messages(count)[...]), to: "a.json")], options: options)
    try expectCharged(folder, count)
    // The same from the stored facts.
    try folder.markStale()
    try folder.ingest([])
    try expectCharged(folder, count)
  }

  @Test("files of several ingests, each of which opens the store again", arguments: divisions)
  func reopening(count: Int, parts: [Int], segment: Int) throws {
    let folder = try TemporaryFolder()
    let messages = Self.messages(count)
    var start = 0
    for part in parts {
      let range = start..<min(start + part, messages.count)
      let file = try folder.write(Self.reply(messages[range]), to: "\(start).json")
      try folder.ingest([file], options: ImportOptions(segmentEventLimit: segment))
      start = range.upperBound
    }
    try expectCharged(folder, count)
  }

  @Test("several commits of a writer, which continues where it was", arguments: divisions)
  func writer(count: Int, parts: [Int], segment: Int) throws {
    let folder = try TemporaryFolder()
    let messages = Self.messages(count)
    let writer = LogWriter(storeAt: folder.path + "/test.db")
    try writer.change {
      try $0.createGroup("/aws/lambda/f", at: 1)
      try $0.createStream("s", inGroup: "/aws/lambda/f", at: 1)
    }
    var start = 0
    for part in parts {
      let range = start..<min(start + part, messages.count)
      var events = NewEvents(logGroup: "/aws/lambda/f", logStream: "s", ingestionTime: 1)
      for index in range {
        events.append(timestamp: Int64(1000 + index), message: messages[index].utf8)
      }
      if !range.isEmpty { try writer.store(events) }
      start = range.upperBound
    }
    #expect(try writer.stop())
    try expectCharged(folder, count)
  }

  private func expectCharged(_ folder: TemporaryFolder, _ count: Int) throws {
    let counts = "SELECT kind, request_id, count(*) FROM errors GROUP BY 1, 2 ORDER BY 1, 2"
    #expect(try folder.rows(counts) == Self.expected(count))
    let invocations = "SELECT status, error_type FROM invocations"
    #expect(try folder.rows(invocations) == [["error", Self.type]])
    #expect(try folder.column("SELECT sum(is_stale) FROM log_streams") == ["0"])
  }

  /// A reply of `filter-log-events`.
  private static func reply(_ messages: ArraySlice<String>) -> String {
    let records = zip(messages.indices, messages).map { index, message in
      let text = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        .replacing("\t", with: "\\t")
      return #"{"logStreamName":"s","timestamp":\#(1000 + index),"message":"\#(text)"}"#
    }
    return #"{"events":["# + records.joined(separator: ",\n") + "]}"
  }
}
