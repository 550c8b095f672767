internal import InsightsSQLite
import InsightsIngest
import InsightsTestSupport
import Testing

@testable import InsightsStore

/// Invocations and errors are the same however the events that they are derived from came.
@Suite("Order of derivation")
struct DerivationOrderTests {
  private static let seeds: [UInt64] = [1, 2, 3, 4, 5, 6]

  @Test("deriving along the way and deriving again from the store give the same", arguments: seeds)
  func again(_ seed: UInt64) throws {
    var generator = SeededGenerator(state: seed)
    let folder = try TemporaryFolder()
    var events = EventGenerator.events(&generator)
    // Of some nobody knows the stream: every input is a timeline of its own then.
    for index in events.indices where events[index].stream == "s0" { events[index].stream = nil }
    try folder.ingest([try folder.write(EventGenerator.reply(events), to: "all.json")])
    let before = try DerivedRows(folder)
    #expect(before.invocations.count > 10)
    #expect(before.errors.count > 5)
    #expect(try folder.column("SELECT sum(is_stale) FROM log_streams") == ["0"])
    try folder.markStale()
    try folder.ingest([])
    #expect(try DerivedRows(folder) == before)
    #expect(try folder.column("SELECT sum(is_stale) FROM log_streams") == ["0"])
  }

  @Test(
    "streams that are taken for ended, to have few open at once, and go on give the same",
    arguments: seeds, [1, 2, 3])
  func fewOpenStreams(_ seed: UInt64, limit: Int) throws {
    var generator = SeededGenerator(state: seed &+ 200)
    var events = EventGenerator.events(&generator)
    for index in events.indices where events[index].stream == "s0" { events[index].stream = nil }
    let reply = EventGenerator.reply(events)
    let whole = try TemporaryFolder()
    try whole.ingest([try whole.write(reply, to: "all.json")])
    let folder = try TemporaryFolder()
    try folder.ingest(
      [try folder.write(reply, to: "all.json")],
      options: ImportOptions(segmentEventLimit: 5, openStreamLimit: limit))
    let expected = try DerivedRows(whole)
    #expect(expected.invocations.count > 10)
    #expect(try DerivedRows(folder) == expected)
    #expect(try folder.column("SELECT sum(is_stale) FROM log_streams") == ["0"])
  }

  @Test("where nobody knows the stream an invocation does not go on in another file")
  func invocationOfTwoFiles() throws {
    let folder = try TemporaryFolder()
    let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"
    let time = "2026-02-02T03:04:05.678Z"
    try folder.ingest([
      try folder.write("\(time) START RequestId: \(id) Version: $LATEST\n", to: "a.log"),
      try folder.write("\(time) REPORT RequestId: \(id)\tDuration: 1.00 ms\t\n", to: "b.log"),
    ])
    let before = try DerivedRows(folder)
    #expect(before.invocations.count == 2)
    try folder.markStale()
    try folder.ingest([])
    #expect(try DerivedRows(folder) == before)
  }

  @Test(
    "pieces in any order that overlap give what the whole gives", arguments: seeds, [false, true])
  func pieces(_ seed: UInt64, inOneRun: Bool) throws {
    var generator = SeededGenerator(state: seed &+ 100)
    let events = EventGenerator.events(&generator)
    let whole = try TemporaryFolder()
    try whole.ingest([try whole.write(EventGenerator.reply(events), to: "all.json")])
    let folder = try TemporaryFolder()
    var paths: [String] = []
    var start = 0
    while start < events.count {
      let end = min(events.count, start + Int.random(in: 5...60, using: &generator))
      let overlap = min(start, Int.random(in: 0...8, using: &generator))
      let piece = EventGenerator.reply(Array(events[start - overlap..<end]))
      paths.append(try folder.write(piece, to: "piece-\(start).json"))
      start = end
    }
    paths.shuffle(using: &generator)
    if inOneRun {
      try folder.ingest(paths)
    } else {
      for path in paths { try folder.ingest([path]) }
    }
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["\(events.count)"])
    let expected = try DerivedRows(whole)
    #expect(expected.invocations.count > 10)
    #expect(try DerivedRows(folder) == expected)
  }
}

/// What a store has derived, in an order that does not depend on how it came about.
private struct DerivedRows: Equatable {
  var invocations: [[String?]]
  var errors: [[String?]]

  init(_ folder: TemporaryFolder) throws {
    invocations = try folder.rows(
      """
      SELECT log_stream, request_id, attempt, version, start_ms, end_ms, duration_ms, billed_ms,
        memory_mb, max_memory_mb, init_ms, restore_ms, status, error_type, cold_start, timed_out,
        oom, xray_trace_id
      FROM invocations ORDER BY 1, 2, 3, 5, 6
      """)
    errors = try folder.rows(
      """
      SELECT e.log_stream, e.timestamp_ms, e.request_id, e.kind, e.runtime, e.type, e.message,
        e.top_frame, e.fingerprint, e.http_status, e.gateway_request_id, e.traceback,
        (SELECT group_concat(f.position || ' ' || ifnull(f.file, '') || ' ' || ifnull(f.line, '')
           || ' ' || ifnull(f.function, ''), '|') FROM frames AS f WHERE f.error_id = e.id)
      FROM errors AS e ORDER BY 1, 2, 3, 4, 5, 6, 7, 8
      """)
  }
}

extension TemporaryFolder {
  /// Has every stream derived again by the next run.
  func markStale() throws {
    let store = try Store(path: path + "/test.db", access: .readWrite)
    try store.connection.execute("UPDATE log_streams SET is_stale = 1")
    try store.close()
  }
}

/// Makes up the events of some streams, interleaved by time.
private enum EventGenerator {
  struct Event {
    var stream: String?
    var timestamp: Int
    var id: String?
    var message: String
  }

  static func events(_ generator: inout SeededGenerator) -> [Event] {
    var events: [Event] = []
    // Retries and other streams know the same requests.
    var requests: [String] = []
    for stream in ["s0", "s1", "s2", "gateway"] {
      var time = Int.random(in: 1_770_000_000_000...1_770_000_001_000, using: &generator)
      // Some inputs have ids, some have none.
      let hasIDs = Bool.random(using: &generator)
      for _ in 0..<12 {
        let messages =
          stream == "gateway"
          ? gatewayRequest(&generator, &requests) : invocation(&generator, &requests)
        for message in messages {
          time += Int.random(in: 1...400, using: &generator)
          events.append(
            Event(
              stream: stream, timestamp: time, id: hasIDs ? "\(stream)-\(time)" : nil,
              message: message))
        }
      }
    }
    return events.sorted { ($0.timestamp, $0.stream ?? "") < ($1.timestamp, $1.stream ?? "") }
  }

  /// A reply of `filter-log-events`.
  static func reply(_ events: [Event]) -> String {
    let records = events.map { event in
      let stream = event.stream.map { #""logStreamName": "\#($0)", "# } ?? ""
      let id = event.id.map { #", "eventId": "\#($0)""# } ?? ""
      return
        #"{\#(stream)"timestamp": \#(event.timestamp), "message": "\#(escaped(event.message))"\#(id)}"#
    }
    return #"{"events": ["# + records.joined(separator: ",\n") + "]}"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\n": escaped += "\\n"
      case "\t": escaped += "\\t"
      case "\"", "\\": escaped += "\\\(character)"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  // MARK: Messages

  private static func request(
    _ generator: inout SeededGenerator, _ requests: inout [String]
  ) -> String {
    if let known = requests.randomElement(using: &generator),
      Int.random(in: 0..<5, using: &generator) == 0
    {
      return known
    }
    func digits(_ count: Int) -> String {
      String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
    }
    let id = [digits(8), digits(4), digits(4), digits(4), digits(12)].joined(separator: "-")
    requests.append(id)
    return id
  }

  private static func invocation(
    _ generator: inout SeededGenerator, _ requests: inout [String]
  ) -> [String] {
    let id = request(&generator, &requests)
    let number = Int.random(in: 1...9, using: &generator)
    var messages: [String] = []
    if number == 1 { messages.append("INIT_START Runtime Version: python:3.13.v1\n") }
    // Of some the beginning is missing.
    if number != 2 { messages.append("START RequestId: \(id) Version: $LATEST\n") }
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      messages += application(id, number, &generator)
    }
    messages.append("END RequestId: \(id)\n")
    let report =
      "REPORT RequestId: \(id)\tDuration: \(number)00.25 ms\tBilled Duration: \(number)01 ms\t"
      + "Memory Size: 128 MB\tMax Memory Used: \(number * 14) MB\t"
    switch number {
    case 3: messages.append(report + "Init Duration: 150.50 ms\t\n")
    case 4:
      messages.append("2026-02-02T03:04:05.678Z \(id) Task timed out after 3.00 seconds\n")
      messages.append(report + "Status: timeout\n")
    case 5:
      messages.append("RequestId: \(id) Error: Runtime exited with error: signal: killed\n")
      messages.append(report + "Status: error\tError Type: Runtime.ExitError\n")
    // The report never came.
    case 6: break
    default: messages.append(report + "\n")
    }
    return messages
  }

  private static func application(
    _ id: String, _ number: Int, _ generator: inout SeededGenerator
  ) -> [String] {
    let frame = "  File \"/var/task/app.py\", line \(number), in handler"
    let time = "2026-02-02T03:04:05.678Z"
    return switch Int.random(in: 0..<9, using: &generator) {
    case 0: ["[ERROR] KeyError: 'a'\nTraceback (most recent call last):\n\(frame)\n    a[1]"]
    case 1: ["Traceback (most recent call last):", frame, "    a[1]", "ValueError: \(number)"]
    case 2: ["thread 'main' panicked at src/main.rs:\(number):5:", "no more items"]
    case 3:
      [
        "\(time)\t\(id)\tERROR\tInvoke Error \t{\"errorType\":\"TypeError\",\"errorMessage\":"
          + "\"x is undefined\",\"stack\":[\"TypeError: x\",\"    at f (/var/task/a.js:\(number):2)\"]}"
      ]
    case 4: ["\(time)\t\(id)\tINFO\tdone \(number)"]
    case 5: ["{\"level\":\"ERROR\",\"requestId\":\"\(id)\",\"error\":\"no \(number)\"}"]
    case 6: ["java.lang.IllegalStateException: \(number)\n\tat example.App.run(App.java:\(number))"]
    case 7: ["panic: no \(number)", "goroutine 1 [running]:", "main.main()", "\t/app/a.go:4 +0x1"]
    default: ["plain text \(number)"]
    }
  }

  private static func gatewayRequest(
    _ generator: inout SeededGenerator, _ requests: inout [String]
  ) -> [String] {
    let id = request(&generator, &requests)
    let function = requests.randomElement(using: &generator) ?? id
    let head = "(\(id)) "
    var messages = [
      head + "Starting execution for request: \(id)",
      head + "AWS Integration Endpoint RequestId : \(function)",
    ]
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: messages.append(head + "Execution failed due to a timeout error")
    case 1:
      messages.append(
        head + "Lambda execution failed with status 200 due to customer function error: no. "
          + "Lambda request id: \(function)")
    case 2:
      messages.append(head + "Execution failed due to configuration error: Rate Exceeded.")
    default: break
    }
    messages.append(
      head + "Method completed with status: \(messages.count == 2 ? 200 : 504)")
    return messages
  }
}
