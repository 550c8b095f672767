import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsTestSupport
import Testing

@Suite("scans")
struct ScanTests {
  @Test(
    "a query gives the same rows however segments are scanned", arguments: GoldenTests.paths)
  func corpus(path: String) throws {
    let mismatches = try GoldenRunner.mismatches(in: GoldenFile(path: path), checksScans: true)
    // How the rows of patterns without a sort are numbered depends on segments.
    for mismatch in mismatches where mismatch.name == "error" || mismatch.name == "result" {
      #expect(mismatch.found == mismatch.expected, "\(path): \(mismatch.query)")
    }
  }

  @Test("random queries over random segments", arguments: 0..<4)
  func random(seed: UInt64) throws {
    var random = SeededGenerator(state: 0x5CA7 &+ seed)
    let folder = try TemporaryFolder()
    let store = "\(folder.path)/random.db"
    for number in 0..<Int.random(in: 1...5, using: &random) {
      let log = try folder.write(
        RandomLog.text(&random), to: "\(number).log")
      let options = ImportOptions(
        logGroup: ["/aws/lambda/a", "/aws/lambda/b", "plain"].randomElement(using: &random),
        segmentEventLimit: [1, 2, 7, 20, 64].randomElement(using: &random))
      _ = try Engine.ingest([log], intoStoreAt: store, options: options)
      // Of fields of every kind; later ingests have to keep up.
      if Bool.random(using: &random) {
        let fields = ["n", "level", "a.b", "@type", "@requestId", "@logGroup", "action", "t"]
        try Engine.addFieldIndexes(
          of: Array(fields.shuffled(using: &random).prefix(5)), toStoreAt: store)
      }
    }
    let engine = try Engine(readingStoreAt: store)
    var rowCount = 0
    var alone: [(request: QueryRequest, rows: [[Value]])] = []
    for number in 0..<40 {
      let source = SourceText(RandomScanQuery.text(&random))
      var options = Binder.Options(now: RandomLog.start + 100_000)
      if Int.random(in: 0..<4, using: &random) == 0 {
        let start = RandomLog.start + Int64.random(in: -1000..<60_000, using: &random)
        options.timeRange.start = start
        options.timeRange.end = start + Int64.random(in: 0..<60_000, using: &random)
      }
      let difference = try ScanComparison.difference(
        of: source, on: engine, options: options, inFull: true)
      #expect(difference == nil)
      let request = QueryRequest(source, options: options)
      let rows = try engine.answer(request).table.rows
      rowCount += rows.count
      alone.append((request, rows))
      guard number % 8 == 0 else { continue }
      // One over a table of facts.
      let plain = QueryRequest(
        SourceText("SOURCE \(["errors", "invocations"][number % 16 / 8]) | sort @timestamp, id"),
        options: options)
      alone.append((plain, try engine.answer(plain).table.rows))
    }
    // Together, they read each segment once and compute once what they have in common.
    for requests in [alone, alone.shuffled(using: &random)] {
      var answered = 0
      try engine.answer(requests.map { $0.request }) { index, answer in
        let text = String(decoding: requests[index].request.source.bytes, as: UTF8.self)
        #expect(answer.table.rows == requests[index].rows, "\(text)")
        answered += 1
      }
      #expect(answered == requests.count)
    }
    // A test that only ever met empty answers would prove little.
    #expect(rowCount > 50)
  }
}

/// Lines of every kind that segments keep apart.
private enum RandomLog {
  /// The first time of all, 2026-01-01T00:00:00Z.
  static let start: Int64 = 1_767_225_600_000

  static func text(_ random: inout SeededGenerator) -> String {
    var lines: [String] = []
    var milliseconds = Int64.random(in: 0..<30_000, using: &random)
    var request = uuid(&random)
    for _ in 0..<Int.random(in: 1...120, using: &random) {
      if Int.random(in: 0..<3, using: &random) > 0 {
        milliseconds += Int64.random(in: 0..<900, using: &random)
      }
      if Int.random(in: 0..<6, using: &random) == 0 { request = uuid(&random) }
      // The same line again is another event of the same time.
      if let last = lines.last, Int.random(in: 0..<12, using: &random) == 0 {
        lines.append(last)
      } else {
        let message = Self.message(request, &random)
        let hasTime = Int.random(in: 0..<15, using: &random) > 0
        lines.append(hasTime ? "\(time(milliseconds)) \(message)" : message)
      }
    }
    // Newest first.
    if Int.random(in: 0..<3, using: &random) == 0 { lines.reverse() }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func time(_ milliseconds: Int64) -> String {
    func digits(_ value: Int64, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let seconds = milliseconds / 1000
    return "2026-01-01T00:\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))"
      + ".\(digits(milliseconds % 1000, 3))Z"
  }

  /// Requests that queries ask for.
  static let requests = [
    "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10", "00000000-0000-0000-0000-000000000000",
    "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be11",
  ]

  private static func uuid(_ random: inout SeededGenerator) -> String {
    if Int.random(in: 0..<3, using: &random) == 0 {
      return requests.randomElement(using: &random) ?? ""
    }
    func hex(_ count: Int) -> String {
      String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &random) ?? "0" })
    }
    return [8, 4, 4, 4, 12].map(hex).joined(separator: "-")
  }

  private static let values = [
    "5", "-3", "2.5", "1e3", "9007199254740993", "9007199254740992", "\"6\"", "\"07\"", "\"\"",
    "\"ERROR\"", "\"error\"", "\"a\\\"b\"", "\"\\u017f\"", "\"\u{212A}elvin\"", "true", "false",
    "null", "{\"b\":1,\"c\":[1,\"x\"]}", "[1,2,{\"d\":\"e\"}]", "1e999",
  ]

  private static func message(_ request: String, _ random: inout SeededGenerator) -> String {
    func value() -> String { values.randomElement(using: &random) ?? "1" }
    let number = Int.random(in: 0..<100, using: &random)
    switch Int.random(in: 0..<17, using: &random) {
    case 14: return "trace=\(uuid(&random))\(uuid(&random)) root \(uuid(&random))"
    case 15: return "{\"trace\":\"1-\(uuid(&random))\",\"requestId\":\"\(request)\",\"n\":1}"
    case 16:
      return "\(time(Int64(number)))\t\(request)\tERR\(uuid(&random))OR \(request)-\(number)"
    case 0: return "START RequestId: \(request) Version: $LATEST"
    case 1: return "END RequestId: \(request)"
    case 2:
      return
        "REPORT RequestId: \(request)\tDuration: \(number).25 ms\tBilled Duration: \(number + 1) ms"
        + "\tMemory Size: 128 MB\tMax Memory Used: \(number) MB"
        + (number < 20 ? "\tInit Duration: 1\(number).5 ms" : "")
    case 3, 4:
      let level = ["INFO", "WARN", "ERROR", "debug"].randomElement(using: &random) ?? "INFO"
      return
        "{\"level\":\"\(level)\",\"n\":\(value()),\"requestId\":\"\(request)\",\"a\":{\"b\":\(value())}}"
    case 5: return "{\"n\":\(value()),\"level\":\(value()),\"t\":\"x\(number)\"}"
    case 6: return "user=u\(number) action=buy latency=\(number).5ms {\"n\":\(value())}"
    case 7: return "[ERROR] KeyError: 'data_\(number % 9)'"
    case 8: return "\(time(Int64(number)))\t\(request)\tERROR\tTimeout of db-\(number % 9).internal"
    case 9:
      return
        "2 123456789010 eni-1235b8ca 172.31.16.\(number) 172.31.16.21 \(number) 22 6 20 \(number) "
        + "1418530010 1418530070 ACCEPT OK"
    case 10: return "Connection REFUSED by peer \(number)"
    case 11: return "connection refu\u{17F}ed, TIMEOUT; tas\u{212A} é \(number)"
    case 12: return "\(time(Int64(number)))\t\(request)\tINFO\tstep \(number) done"
    default: return "plain text \(number)"
    }
  }
}

/// Queries of what scans do: conditions, orders with limits, groups, patterns.
private enum RandomScanQuery {
  static func text(_ random: inout SeededGenerator) -> String {
    var commands: [String] = []
    if Int.random(in: 0..<3, using: &random) == 0 { commands.append(parse(&random)) }
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      commands.append("filter " + condition(2, &random))
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 8:
      // One search, which is only counted.
      return "filter @message like \(pattern(&random)) | stats count(*) as c"
    case 9:
      // A field is captured once.
      if commands.first?.hasPrefix("parse") != true { commands.insert(parse(&random), at: 0) }
      commands.append(
        "fields user, action, latency, latency + 1 as more, isnumeric(user) as u | sort user, "
          + "latency desc | limit \(Int.random(in: 1...200, using: &random))")
    case 6:
      // Groups that need several rows, also behind what else is computed of them.
      let condition = one(
        ["c > 1", "c >= 2", "c = 2", "2 < c", "c >= 4", "c > 1 and hi > 3", "c > 1 or hi > 3"],
        &random)
      commands.append(
        "stats count(*) as c, max(n) as hi by \(key(&random)) as k0, \(key(&random)) as k1")
      commands.append(one(["fields hi * 2 as twice", "fields c - 1 as less"], &random))
      commands.append("filter \(condition)")
    case 7:
      commands.append(
        "fields coalesce(@duration, n, strlen(@message)) as first, coalesce(a.b, level, 7) as second"
      )
      commands.append("filter coalesce(n, @initDuration, strlen(@message)) > 5")
      commands.append("sort first desc, second | limit \(Int.random(in: 1...30, using: &random))")
    case 0, 1:
      commands.append(
        "stats \(aggregates(&random)) by "
          + ((0..<Int.random(in: 1...2, using: &random)).map { "\(key(&random)) as k\($0)" })
          .joined(separator: ", "))
    case 2:
      let aggregates = one([aggregates(&random), "count(*) as c, count(*) as d"], &random)
      let keys = one(["", " by bin(5s)", " by bin(7s)", " by bin(1m)", " by bin(1h)"], &random)
      commands.append("stats " + aggregates + keys)
    case 3:
      commands.append("fields @timestamp, @message, n, level, a.b, @ptr")
      commands.append(sort(&random))
      commands.append("limit \(Int.random(in: 0...30, using: &random))")
    case 4:
      commands.append("fields strlen(@message) as size, n * 2 as twice, @duration")
      commands.append(sort(&random))
      commands.append("limit \(Int.random(in: 1...30, using: &random))")
    default:
      commands.append("fields @timestamp, @message, @requestId, @type, bytes, srcAddr")
      commands.append("limit \(Int.random(in: 1...200, using: &random))")
    }
    return commands.joined(separator: " | ")
  }

  private static func one(_ texts: [String], _ random: inout SeededGenerator) -> String {
    texts.randomElement(using: &random) ?? "n"
  }

  private static func key(_ random: inout SeededGenerator) -> String {
    one(
      [
        "@type", "level", "n", "a.b", "bin(5s)", "bin(1m)", "@requestId", "@logGroup", "action",
        "strlen(@message)", "@logStream", "nosuch", "user", "latency",
      ], &random)
  }

  private static func sort(_ random: inout SeededGenerator) -> String {
    let fields = [
      "@timestamp", "n", "level", "@duration", "@message", "a.b", "@requestId", "bytes",
      "@memorySize", "@initDuration",
    ]
    let keys = (0..<Int.random(in: 1...2, using: &random)).map { _ in
      one(fields, &random) + one([" asc", " desc", ""], &random)
    }
    return "sort " + keys.joined(separator: ", ")
  }

  private static func aggregates(_ random: inout SeededGenerator) -> String {
    let field = one(
      [
        "n", "@duration", "@timestamp", "bytes", "a.b", "strlen(@message)", "@requestId", "latency",
        "user", "latency * 2",
      ], &random)
    return [
      "count(*) as c", "count(\(field)) as d", "sum(\(field)) as s", "avg(\(field)) as m",
      "min(\(field)) as lo", "max(\(field)) as hi", "pct(\(field), 90) as p",
      "count_distinct(@requestId) as r", "count_distinct(\(field)) as u", "max(level) as l",
      "stddev(@duration) as e", "latest(level) as z",
    ].shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)).joined(separator: ", ")
  }

  private static func parse(_ random: inout SeededGenerator) -> String {
    one(
      [
        #"parse @message "user=* action=* latency=*ms" as user, action, latency"#,
        #"parse @message "Duration: * ms*Size: *" as latency, action, user"#,
        #"parse @message "* * *" as latency, action, user"#,
        #"parse @message "\"n\":*,*\"level\":*" as latency, action, user"#,
        #"parse @message "Id: *" as user | parse @message "text *" as latency"#,
        #"parse @message "*\t*\t*" as latency, user, action"#,
        #"parse @message /db-(?<db>\d)\.internal/"#,
        #"parse @message /(?i)(?<what>timeout|refused)/"#,
        #"parse level "E*R" as middle"#,
      ], &random)
  }

  /// Whole ids, pieces of ids, and what stands around them.
  private static let requestPatterns =
    RandomLog.requests.map { "\"\($0)\"" } + [
      #""d7a5be10 Version""#, #""Id: 7f1c""#, #""d7a5be1""#, #""d7a5be107f1c0a52""#, #""ERROR ""#,
      "/(?i)7F1C0A52-6A1E-4D0B-9C36-2F60D7A5BE10/", #""=7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10""#,
      #""Z\t""#, "/error/", #""a0""#, "/(?i)DONE|ED/", #""0Z\t7f""#, #"/[0-9]Z.7f1c0a52/"#,
    ]

  /// A text or a regex to search messages for.
  private static func pattern(_ random: inout SeededGenerator) -> String {
    one(
      [
        "/ERROR/", "/(?i)error/", "/(?i)timeout|refused/", "/(?i)task|kelvin/", #"/db-\d\.int/"#,
        "/refu.ed/", #""Key""#, #""""#, "/(?i)refused/", "/a|b/", #"/"n":5/"#,
        "/RequestId: [0-4]/", "/(timeout|refused)/", #"/\b(ERROR|Key)\w/"#, #"/x?(db|step)-?\d/"#,
        "/(a|b)?plain/", "/(?:plain|Conn)(?=[ e])/", "/(?<!x)(START|END) Req/",
        "/(Key|(db|user=)[-u])/",
        #"/(ERROR|REFUSED){0}plain/"#, #"/[(]n|(?<q>latency|Memory)[=\s]/"#,
        "/(?i)db-|step [1-5]+ DONE/", #"/x?y|plain/"#, "/-[0-9a-f]{4}-/", "/2026-01-01T00:00/",
        "/ERROR|debug/", #"/(?i)error|db-\d\.int/"#, "/plain text|refused|user=u1/",
      ] + requestPatterns, &random)
  }

  private static func condition(
    _ depth: Int, _ random: inout SeededGenerator
  ) -> String {
    if depth > 0, Int.random(in: 0..<3, using: &random) == 0 {
      let left = condition(depth - 1, &random)
      let right = condition(depth - 1, &random)
      return one(["(\(left) and \(right))", "(\(left) or \(right))", "not (\(left))"], &random)
    }
    let number = one(
      ["5", "-3", "2.5", "50", "1000", "9007199254740992", "9007199254740993", "0"], &random)
    let comparison = one(["=", "!=", "<", "<=", ">", ">="], &random)
    let field = one(["n", "@duration", "a.b", "@timestamp", "bytes", "@memorySize"], &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: return "\(field) \(comparison) \(number)"
    case 2:
      let text = one(["\"ERROR\"", "\"error\"", "\"5\"", "\"\"", "\"REPORT\"", "'START'"], &random)
      return "\(one(["level", "@type", "n", "a.b", "action"], &random)) \(comparison) \(text)"
    case 3, 4:
      return "@message \(one(["like", "not like"], &random)) \(pattern(&random))"
    case 5: return "ispresent(\(one(["n", "level", "@duration", "a.b.b", "bytes"], &random)))"
    case 6: return "\(one(["n", "level", "@type"], &random)) in [5, \"ERROR\", \"END\", 2.5]"
    default:
      return one(
        [
          "strcontains(@message, \"refu\")", "isempty(level)", "@logGroup = \"plain\"",
          "@requestId = \"\(one(RandomLog.requests, &random))\"",
          "@requestId like \"-\"", "@logStream like /./", "substr(@message, 0, 1) = \"{\"",
        ], &random)
    }
  }
}
