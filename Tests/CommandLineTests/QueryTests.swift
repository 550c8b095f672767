import Foundation
import InsightsTestSupport
import Testing

@Suite("query")
struct QueryTests {
  static let reports =
    #"filter @type = "REPORT" | fields @timestamp, @duration | sort @timestamp asc"#

  /// Runs queries over all of SampleLogs/.
  private func overSamples(_ arguments: String...) throws -> Program.Output {
    try Program().run(["query", "--db", SampleStore.path] + arguments)
  }

  @Test("the query is an argument, a file or standard input")
  func sources() throws {
    let program = try Program.withSampleStore()
    let expected = """
      @timestamp,@duration
      2026-02-11 09:00:00.100,99.5
      2026-02-11 09:05:03.001,3000

      """
    let file = try program.folder.write(Self.reports + "\n", to: "reports.insights")
    let format = ["--format", "csv"]
    for output in [
      try program.run(["query", Self.reports] + format),
      try program.run(["query", "--file", file] + format),
      try program.run(["query", "-"] + format, input: Data(Self.reports.utf8)),
    ] {
      #expect(output.status == 0)
      #expect(output.standardOutput == expected)
      #expect(output.standardError == "")
    }
  }

  @Test("without a query, or with two, it is a usage error")
  func usage() throws {
    let program = try Program.withSampleStore()
    for arguments in [["query"], ["query", "limit 1", "--file", "x"]] {
      let output = try program.run(arguments)
      #expect(output.status == 64)
      #expect(output.standardError.hasPrefix("error: "))
    }
  }

  @Test("formats: json, ndjson and csv")
  func formats() throws {
    let query = #"filter @type = "REPORT" | fields @timestamp, @duration, @initDuration | limit 1"#
    let program = try Program.withSampleStore()
    func text(_ format: String) throws -> String {
      try program.run("query", query, "--format", format).standardOutput
    }
    #expect(
      try text("json") == """
        [
          {"@timestamp": "2026-02-11 09:05:03.001", "@duration": 3000}
        ]

        """)
    #expect(
      try text("ndjson") == """
        {"@timestamp": "2026-02-11 09:05:03.001", "@duration": 3000}

        """)
    #expect(
      try text("csv") == """
        @timestamp,@duration,@initDuration
        2026-02-11 09:05:03.001,3000,

        """)
  }

  @Test("an unknown output format is a usage error that names the known ones")
  func unknownFormat() throws {
    let output = try Program().run("query", "limit 1", "--format", "xml")
    #expect(output.status == 64)
    #expect(output.standardError.contains("'xml'"))
    #expect(output.standardError.contains("ndjson"))
  }

  @Test(
    "ranges: ends are inclusive, whole seconds to .999, relative to --now",
    arguments: [
      (["--start=2026-02-11T09:05:03Z"], 1),
      (["--start=2026-02-11T09:05:03.001Z"], 1),
      (["--start=2026-02-11T09:05:03.002Z"], 0),
      (["--end=2026-02-11T09:00:00Z"], 1),
      (["--end=2026-02-11T09:00:00.100Z"], 1),
      (["--end=2026-02-11T09:00:00.099Z"], 0),
      (["--start=1770800700", "--end=1770800703"], 1),
      (["--start=1770800700000", "--end=1770800703000"], 0),
      (["--start=1770800700000", "--end=1770800703001"], 1),
      (["--start=-10m", "--now=2026-02-11T09:10:00Z"], 2),
      (["--start=-9m", "--end=-6m", "--now=2026-02-11T09:10:00Z"], 0),
      (["--since=5m", "--now=2026-02-11T09:10:00Z"], 1),
      (["--since", "2m", "--now=2026-02-11T09:10:00Z"], 0),
      (["--since=6m", "--now=newest"], 1),
      (["--start=2026-02-11"], 2),
      (["--start=2026-02-12"], 0),
      ([], 2),
    ])
  func timeRange(options: [String], count: Int) throws {
    let program = try Program.withSampleStore()
    let output = try program.run(["query", Self.reports, "--format", "json"] + options)
    #expect(output.status == 0)
    #expect(try rows(output.standardOutput).count == count)
    #expect(
      output.standardError.contains("2026-02-11 09:10:00.500") == (count == 0),
      "an empty range says how new the newest event is")
  }

  @Test(
    "times that are none are usage errors",
    arguments: [
      "--start=yesterday", "--end=25:00", "--since=3", "--since=-3h", "--now=never",
      "--start=9223372036854775807", "--end=-9223372036854775808", "--now=99999999999999999999",
      "--limit=-1", "--limit=many", "--fail-if=rows", "--fail-if=some", "--param=x", "--param==x",
      "--no-such-option",
    ])
  func badValues(option: String) throws {
    let output = try Program().run("query", "limit 1", option)
    #expect(output.status == 64)
    #expect(!output.hasCrashed)
    #expect(output.standardError.hasPrefix("error: "))
    #expect(output.standardOutput == "")
  }

  @Test("a range that ends before it starts is a usage error")
  func reversedRange() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "query", "limit 1", "--start=2026-02-11T10:00:00Z", "--end=2026-02-11T09:00:00Z")
    #expect(output.status == 64)
  }

  @Test("--log-group takes globs, and may be repeated")
  func logGroups() throws {
    let query = "stats count(*) as events by @log | sort @log"
    func groups(_ globs: String...) throws -> [String] {
      let options = globs.flatMap { ["--log-group", $0] }
      let output = try Program().run(
        ["query", "--db", SampleStore.path, "--format", "json", query] + options)
      return try rows(output.standardOutput).compactMap { $0["@log"] as? String }
        .map { String($0.dropFirst("000000000000:".count)) }
    }
    #expect(try groups().count == 11)
    #expect(try groups("/aws/lambda/pay*") == ["/aws/lambda/payments"])
    #expect(
      try groups("*/payments", "*orders-api") == ["/aws/lambda/orders-api", "/aws/lambda/payments"])
    #expect(try groups("payments") == [])
  }

  @Test("--param fills places; numbers bare, text quoted")
  func parameters() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "query", "filter @type = {{type}} | stats count(*) as n, max(@duration) * {{factor}} as x",
      "--param", "type=REPORT", "--param", "factor=2", "--format", "ndjson")
    #expect(output.standardOutput == "{\"n\": 2, \"x\": 6000}\n")
  }

  @Test("a parameter that the query does not have is a usage error that lists those it has")
  func unknownParameter() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "query", "limit {{count}}", "--param", "count=1", "--param", "cuont=2")
    #expect(output.status == 64)
    #expect(
      output.standardError
        == "error: unknown parameter 'cuont'\n  = help: parameters: count\n")
    #expect(try program.run("query", "limit 1", "--param", "n=1").status == 64)
  }

  @Test("a parameter without a value is an error that names it")
  func missingParameter() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("query", "limit {{count}}")
    #expect(output.status == 65)
    #expect(output.standardError.contains("'count'"))
    #expect(output.standardError.contains("--param count="))
  }

  @Test("--limit bounds the rows")
  func limit() throws {
    let program = try Program.withSampleStore()
    func count(_ options: String...) throws -> Int {
      try rows(
        try program.run(["query", "fields @message", "--format", "json"] + options).standardOutput
      ).count
    }
    #expect(try count() == Samples.eventCount)
    #expect(try count("--limit", "2") == 2)
    #expect(try count("--limit", "0") == 0)
  }

  @Test(
    "--fail-if ends with 1 when true, and the rows are written all the same",
    arguments: [
      ("any", "limit 1", 1), ("any", "filter @message = 'x'", 0), ("none", "limit 1", 0),
      ("none", "filter @message = 'x'", 1), ("rows > 5", "limit 5", 0), ("rows > 5", "limit 6", 1),
      ("rows>=5", "limit 5", 1), ("rows = 2", "limit 2", 1), ("rows == 2", "limit 2", 1),
      ("rows != 2", "limit 2", 0), ("rows < 1", "filter @message = 'x'", 1),
      ("rows <= 0", "limit 1", 0),
    ])
  func failIf(condition: String, query: String, status: Int) throws {
    let output = try overSamples(query, "--fail-if", condition, "--format", "csv")
    #expect(output.status == Int32(status))
    #expect(output.standardOutput.hasPrefix("@timestamp,@message"))
  }

  @Test(
    "--fail-if takes conditions on columns, which one row must meet",
    arguments: [
      ("n > 2", 1), ("n > 9", 0), ("n>=3 and type = 'REPORT'", 0), ("n = 2 and type = 'REPORT'", 1),
      ("type = 'none' or n >= 2", 1), ("type != 'REPORT'", 1), ("`n` < 1", 0),
      ("rows > 2 and n >= 2", 1), ("rows > 99 and n >= 2", 0), ("last > '2026-02-11 09:10'", 1),
      ("last > '2026-02-11 09:11'", 0), ("max(@duration) > 2999.5", 1), ("type > 1000", 1),
    ])
  func failIfOfColumns(condition: String, status: Int) throws {
    let output = try Program.withSampleStore().run(
      "query",
      "stats count(*) as n, fromMillis(max(@timestamp)) as last, max(@duration) by @type as type",
      "--fail-if", condition, "--format", "csv")
    #expect(output.status == Int32(status), "\(output.standardError)")
  }

  @Test("a condition on a column that the result does not have is 64; one that cannot be read, too")
  func failIfOfUnknownColumn() throws {
    let output = try overSamples("stats count(*) as n by @type", "--fail-if", "m > 3")
    #expect(output.status == 64)
    #expect(output.standardError.contains("a column 'm' that the result does not have"))
    #expect(output.standardError.contains("columns: @type, n"))
    // Also where no row came back.
    let none = try overSamples(
      "filter @message = 'x' | stats count(*) as n by @type", "--fail-if", "n > 3")
    #expect(none.status == 0)
    for condition in ["n", "n >", "> 3", "n > 'x", "rows > x", "n > 3 nor m > 2", "n ~ 3", ""] {
      #expect(try overSamples("limit 1", "--fail-if", condition).status == 64, "\(condition)")
    }
  }

  @Test("no rows is a success")
  func noRows() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("query", "filter @message = 'x'", "--format", "json")
    #expect(output.status == 0)
    #expect(output.standardOutput == "[]\n")
    #expect(output.standardError == "")
  }

  @Test("a wrong query is 65, a caret on stderr and nothing on stdout")
  func wrongQuery() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("query", "filter strlne(@message) > 200")
    #expect(output.status == 65)
    #expect(output.standardOutput == "")
    #expect(
      output.standardError == """
        error: unknown function 'strlne'
         --> query:1:8
          |
        1 | filter strlne(@message) > 200
          |        ^^^^^^
          = help: a function with a similar name exists: 'strlen'

        """)
  }

  @Test("--error-format json tells the same as one object a line")
  func jsonErrors() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "query", "filter strlne(@message) > 200", "--error-format", "json")
    #expect(output.status == 65)
    let error = try #require(try json(output.standardError) as? [String: Any])
    #expect(error["severity"] as? String == "error")
    #expect(error["id"] as? String == "unknown-function")
    #expect(error["message"] as? String == "unknown function 'strlne'")
    #expect(error["line"] as? Int == 1)
    #expect(error["column"] as? Int == 8)
    #expect(error["start"] as? Int == 7)
    #expect(error["end"] as? Int == 13)
    #expect(
      error["help"] as? [String] == ["a function with a similar name exists: 'strlen'"])
  }

  @Test("a missing store is 66 and says how to make one")
  func missingStore() throws {
    let program = try Program()
    let output = try program.run("query", "limit 1")
    #expect(output.status == 66)
    #expect(output.standardError.contains("'insights.db'"))
    #expect(output.standardError.contains("insights ingest"))
    #expect(try program.files() == [], "looking for a store makes none")
  }

  @Test("a query leaves the store one file, byte for byte what it was")
  func storeIsUntouched() throws {
    let program = try Program.withSampleStore()
    let url = URL(fileURLWithPath: program.path("insights.db"))
    let before = try Data(contentsOf: url)
    _ = try program.run("query", "stats count(*) by bin(5m)")
    #expect(try program.files() == ["insights.db"])
    #expect(try Data(contentsOf: url) == before)
  }

  @Test("a store in a folder that cannot be written is read")
  func readOnlyFolder() throws {
    let program = try Program.withSampleStore()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o555], ofItemAtPath: program.folder.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: program.folder.path)
    }
    #expect(
      try program.run("query", "stats count(*)", "--format", "csv").standardOutput.hasSuffix("9\n"))
  }

  @Test("--output writes a file and leaves stdout empty")
  func outputFile() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "query", "stats count(*) as n", "--format", "csv", "--output", "n.csv")
    #expect(output.status == 0)
    #expect(output.standardOutput == "")
    #expect(try String(contentsOfFile: program.path("n.csv"), encoding: .utf8) == "n\n9\n")
    #expect(try program.run("query", "limit 1", "--output", "no/such/file").status == 73)
  }

  @Test("a full device is 74")
  func fullDevice() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("query", "limit 1", "--output", "/dev/full")
    #expect(output.status == 74)
    #expect(output.standardError.hasPrefix("error: "))
  }

  @Test("a closed pipe ends it quietly with 0")
  func closedPipe() throws {
    let program = try Program(environment: ["INSIGHTS_DB": SampleStore.path])
    let output = try program.runShell(
      """
      { "$0" query 'fields @message, @message as a, @message as b, @message as c' --format json \
      2>errors; echo $? >status; } | head -1
      cat status errors
      """)
    #expect(output.standardOutput == "[\n0\n")
  }

  @Test("the same query over the same store gives the same bytes")
  func deterministic() throws {
    let query = "stats count(*) as n, avg(@duration) by @logStream, @type | sort n desc"
    #expect(try overSamples(query).standardOutput == overSamples(query).standardOutput)
  }

  @Test("10,000 rows are shown without a limit, and stderr says so")
  func rowLimit() throws {
    let program = try Program()
    let lines = (0..<10_001).map { "2026-02-11T09:00:00.000Z line \($0)" }
    _ = try program.folder.write(lines.joined(separator: "\n") + "\n", to: "many.log")
    _ = try program.run("ingest", "many.log")
    let output = try program.run("query", "fields @message", "--format", "ndjson")
    #expect(output.standardOutput.utf8.count { $0 == UInt8(ascii: "\n") } == 10_000)
    #expect(output.standardError.contains("10000"))
  }
}
