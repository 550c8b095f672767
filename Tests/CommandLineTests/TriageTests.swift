import Foundation
import InsightsTestSupport
import Testing

@Suite("triage")
struct TriageTests {
  /// A row of the incident guide and where the sample logs have it.
  struct Row: Sendable, CustomTestStringConvertible {
    var status: Int
    var cause: String
    var functions: [String]
    var count: Int
    /// What one of the evidence must say, and what the advice must.
    var evidence: String
    var advice: String

    var testDescription: String { "\(status) \(cause)" }
  }

  static let guide = [
    Row(
      status: 500, cause: "logged error: orders.errors.StockError", functions: ["orders-api"],
      count: 2, evidence: "stock.py:30 reserve", advice: "The handler caught this error"),
    Row(
      status: 500, cause: "throttled: the function was refused, concurrency limit reached",
      functions: ["orders-api"], count: 1, evidence: "Rate Exceeded", advice: "concurrency"),
    Row(
      status: 500, cause: "unhandled exception: TypeError", functions: ["catalog-search"],
      count: 2, evidence: "status 500 to GET /search", advice: "search.mjs:18:27"),
    Row(
      status: 502, cause: "malformed proxy response", functions: ["orders-api"], count: 2,
      evidence: "Malformed Lambda proxy response", advice: "statusCode"),
    Row(
      status: 502, cause: "unhandled exception: KeyError", functions: ["orders-api"], count: 3,
      evidence: "3 of 3 confirmed by the gateway's own lines", advice: "create.py:34"),
    Row(
      status: 502, cause: "unhandled exception: TypeError", functions: ["payments"], count: 2,
      evidence: "reading 'token'", advice: "charge.mjs:41:28"),
    Row(
      status: 502, cause: "out of memory", functions: ["image-resizer"], count: 2,
      evidence: "memory 1023 of 1024 MB", advice: "from 1024 to 2048 MB"),
    Row(
      status: 502, cause: "out of memory", functions: ["stock-sync"], count: 1,
      evidence: "memory 256 of 256 MB", advice: "from 256 to 512 MB"),
    Row(
      status: 502, cause: "Lambda timeout: the function was stopped at its own limit",
      functions: ["payments"], count: 3, evidence: "stopped after 10,000 ms", advice: "timeout"),
    Row(
      status: 502, cause: "Lambda timeout: the function was stopped at its own limit",
      functions: ["partner-feed"], count: 1, evidence: "gateway: status 502 to GET /feed",
      advice: "timeout"),
    Row(
      status: 502, cause: "failed init: Runtime.ImportModuleError", functions: ["nightly-report"],
      count: 1, evidence: "No module named 'openpyxl'", advice: "Package the missing module"),
    Row(
      status: 503, cause: "throttled: a call was refused, concurrency limit reached",
      functions: ["payments"], count: 2, evidence: "500 behind a REST proxy",
      advice: "reserved concurrency"),
    Row(
      status: 500, cause: "throttled: the function was refused, reserved concurrency reached",
      functions: ["partner-feed"], count: 3,
      evidence: "ReservedFunctionConcurrentInvocationLimitExceeded",
      advice: "Raise the reserved concurrency"),
    Row(
      status: 503, cause: "throttled: the function was refused, concurrency limit reached",
      functions: [], count: 2, evidence: "status 503 to GET /search", advice: "provisioned"),
    Row(
      status: 503, cause: "integration timeout: the gateway's limit of 30 s was reached",
      functions: ["catalog-search"], count: 1, evidence: "duration 30,790.4 ms, limit 30,000 ms",
      advice: "below 30 s"),
    Row(
      status: 504, cause: "integration timeout: the gateway's limit of 29 s was reached",
      functions: ["orders-api"], count: 1, evidence: "duration 31,208.8 ms, limit 29,000 ms",
      advice: "below 29 s"),
    Row(
      status: 504,
      cause:
        "integration timeout: the gateway's limit of 29 s was reached by cold start and processing",
      functions: ["partner-feed"], count: 1,
      evidence: "cold start 8,420.8 ms + duration 21,644.1 ms", advice: "cold start"),
    Row(
      status: 400, cause: "request format: the gateway refused the request", functions: [],
      count: 2, evidence: "missing required properties ([\"isbn\"])", advice: "model"),
    Row(
      status: 403, cause: "no permission: the gateway refused the caller", functions: [], count: 1,
      evidence: "The client is not authorized", advice: "authorizer"),
    Row(
      status: 500, cause: "no permission: the gateway may not invoke the function",
      functions: ["partner-directory"], count: 1, evidence: "Invalid permissions",
      advice: "lambda:InvokeFunction"),
  ]

  private struct Finding: Decodable {
    var status: Int
    var cause: String
    var count: Int
    var first: String?
    var last: String?
    var functions: [String]
    var callers: [String]?
    var request_id: String?
    var evidence: [String]
    var advice: String
  }

  private struct Report: Decodable {
    var findings: [Finding]
  }

  private static func findings(_ text: String) throws -> [Finding] {
    try JSONDecoder().decode(Report.self, from: Data(text.utf8)).findings
  }

  private static func samples(_ arguments: String...) throws -> Program.Output {
    try Program().run(["triage", "--db", SampleStore.path] + arguments)
  }

  /// The findings over a log of one function.
  private static func findings(
    in log: String, group: String = "/aws/lambda/shop", _ arguments: String...
  ) throws -> [Finding] {
    let program = try Program()
    let path = try program.folder.write(log, to: "triage.log")
    _ = try program.run("ingest", "--log-group", group, path)
    let output = try program.run(["triage", "--format", "json"] + arguments)
    #expect(output.status == 0)
    return try findings(output.standardOutput)
  }

  private static let sampleFindings = Result {
    try findings(try samples("--format", "json").standardOutput)
  }

  @Test("each row of the incident guide is diagnosed", arguments: guide)
  func incidentGuide(row: Row) throws {
    let found = try Self.sampleFindings.get().filter {
      $0.status == row.status && $0.cause == row.cause && $0.functions == row.functions
        && $0.evidence.contains { $0.contains(row.evidence) }
    }
    let finding = try #require(found.first)
    #expect(found.count == 1)
    #expect(finding.count == row.count)
    #expect(finding.advice.contains(row.advice))
    #expect(finding.request_id != nil)
    #expect(try #require(finding.first) <= #require(finding.last))
  }

  @Test("server errors come before refused requests, the frequent before the rare")
  func order() throws {
    let findings = try Self.sampleFindings.get()
    let keys = findings.map { ($0.status >= 500 ? 1 : 0) * 1_000_000 + $0.count }
    #expect(keys == keys.sorted(by: >))
  }

  @Test("JSON has these keys and no other")
  func keys() throws {
    let output = try Self.samples("--format", "json").standardOutput
    let object = try #require(try json(output) as? [String: Any])
    #expect(Set(object.keys) == ["looked_at", "findings", "limits"])
    #expect((object["limits"] as? [String])?.isEmpty == false)
    let lookedAt = try #require(object["looked_at"] as? [String: Any])
    #expect(
      Set(lookedAt.keys) == ["events", "invocations", "gateway_requests", "start", "end"])
    #expect(lookedAt["end"] as? String == "2026-03-17 03:08:58.938")
    let keys: Set = [
      "status", "cause", "count", "first", "last", "over_time", "functions", "request_id",
      "evidence", "advice",
    ]
    for finding in try #require(object["findings"] as? [[String: Any]]) {
      let isThrottle = (finding["cause"] as? String)?.hasPrefix("throttled") == true
      #expect(Set(finding.keys) == (isThrottle ? keys.union(["callers"]) : keys))
      let counts = try #require(finding["over_time"] as? [Int])
      #expect(counts.count == 40)
      #expect(counts.reduce(0, +) == finding["count"] as? Int)
    }
  }

  // MARK: Rules

  static let id = "3f1c8a52-0001-4000-8000-000000000001"

  static func invocation(
    _ lines: String = "", duration: String = "20.00", report: String = "", end: String = "00.020"
  ) -> String {
    """
    2026-03-01T10:00:00.000Z START RequestId: \(id) Version: $LATEST
    \(lines)2026-03-01T10:00:\(end)Z END RequestId: \(id)
    2026-03-01T10:00:\(end)Z REPORT RequestId: \(id)\tDuration: \(duration) ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\t\(report)

    """
  }

  static let harmless = """
    2026-03-01T10:00:00.001Z [INFO]\t2026-03-01T10:00:00.001Z\t\(id)\t0 errors, timeout=30
    2026-03-01T10:00:00.002Z GET /errors/help 200
    2026-03-01T10:00:00.003Z request timed out after 3000ms, retrying
    2026-03-01T10:00:00.004Z [INFO]\t2026-03-01T10:00:00.004Z\t\(id)\tyesterday: TooManyRequestsException twice
    2026-03-01T10:00:00.005Z {"level":"INFO","status":404,"requestId":"x","httpMethod":"GET"}
    2026-03-01T10:00:00.006Z REPORT for April: Duration: 99999.00 ms

    """

  @Test("a healthy log has nothing wrong")
  func healthy() throws {
    #expect(try Self.findings(in: Self.invocation(Self.harmless)).isEmpty)
    let program = try Program()
    let path = try program.folder.write(Self.invocation(Self.harmless), to: "healthy.log")
    _ = try program.run("ingest", "--log-group", "/aws/lambda/shop", path)
    let output = try program.run("triage")
    #expect(output.status == 0)
    #expect(output.standardOutput.hasPrefix("Nothing wrong\n\nLooked at 1 invocation, in 9 events"))
    let json = try program.run("triage", "--format", "json", "--quiet")
    #expect(json.standardOutput.contains("\"findings\": [], \"limits\": [\"There are no"))
    #expect(json.standardError == "")
  }

  @Test("a duration at the gateway's limit is 504, one below it is none")
  func gatewayTimeout() throws {
    let atLimit = Self.invocation(duration: "29000.00", end: "29.000")
    let below = Self.invocation(duration: "28999.99", end: "29.000")
    #expect(try Self.findings(in: atLimit).map(\.status) == [504])
    #expect(try Self.findings(in: below).isEmpty)
    #expect(try Self.findings(in: below, "--gateway-timeout", "10000").map(\.status) == [504])
    #expect(try Self.findings(in: atLimit, "--gateway-timeout", "60000").isEmpty)
  }

  @Test("a cold start and a duration that are too long together are 504")
  func coldStartAndProcessing() throws {
    let log = Self.invocation(
      duration: "25000.00", report: "Init Duration: 4000.00 ms\t", end: "25.000")
    let findings = try Self.findings(in: log)
    #expect(findings.map(\.status) == [504])
    #expect(findings[0].cause.hasSuffix("by cold start and processing"))
  }

  @Test("a Lambda timeout without a gateway line is 502, however long it was")
  func functionTimeout() throws {
    let log = Self.invocation(duration: "30000.00", report: "Status: timeout", end: "30.000")
    let findings = try Self.findings(in: log)
    #expect(findings.map(\.status) == [502])
    #expect(findings[0].evidence.contains { $0.contains("had been answered 504 by then") })
  }

  static let traceback = """
    2026-03-01T10:00:00.010Z [ERROR]\t2026-03-01T10:00:00.010Z\t\(id)\tnot stored
    Traceback (most recent call last):
      File "/var/task/app.py", line 9, in handler
        store(item)
    ValueError: no name

    """

  @Test("a logged error of an invocation that ended well is 500")
  func loggedError() throws {
    let findings = try Self.findings(in: Self.invocation(Self.traceback))
    #expect(findings.map(\.status) == [500])
    #expect(findings[0].cause == "logged error: ValueError")
    #expect(findings[0].request_id == Self.id)
  }

  @Test(
    "well-known messages get advice of their own, and the application's frame",
    arguments: [
      ("remaining connection slots are reserved for superusers", "RDS Proxy"),
      ("connect ECONNREFUSED 127.0.0.1:5432", "Nothing listens"),
      ("connect ETIMEDOUT 10.0.0.9:443", "NAT gateway"),
      ("AccessDenied: User is not authorized to perform: s3:GetObject", "execution role"),
      ("ENOSPC: no space left on device, write", "/tmp is full"),
      ("certificate has expired", "renew"), ("getaddrinfo ENOTFOUND db.internal", "resolved"),
      ("getaddrinfo EAI_AGAIN db.internal", "resolved"),
      ("[Errno 24] Too many open files: 'a'", "file descriptor"),
      ("Access denied for user 'shop'@'10.0.0.9'", "the password"),
    ])
  func knownMessages(message: String, advice: String) throws {
    let log = """
      2026-03-01T10:00:00.010Z [ERROR] OSError: \(message)
      Traceback (most recent call last):
        File "/var/task/app.py", line 9, in handler
          load()
        File "/var/task/psycopg2/__init__.py", line 122, in connect
          raise

      """
    let findings = try Self.findings(in: Self.invocation(log))
    #expect(findings.map(\.cause) == ["unhandled exception: OSError"])
    #expect(findings.first?.advice.contains(advice) == true)
    #expect(findings.first?.advice.hasSuffix("Start at /var/task/app.py:9 handler.") == true)
  }

  @Test("what a refused call is told by counts the same in info, triage, metrics and the pack")
  func throttleWords() throws {
    let words = [
      "TooManyRequestsException", "ThrottlingException", "CallerRateLimitExceeded",
      "ReservedFunctionConcurrentInvocationLimitExceeded", "ConcurrentInvocationLimitExceeded",
      "Rate Exceeded.",
    ]
    for word in words {
      let log = """
        2026-03-01T10:00:00.010Z [ERROR]\t2026-03-01T10:00:00.010Z\t\(Self.id)\tnot called
        Traceback (most recent call last):
          File "/var/task/app.py", line 9, in handler
            call()
        ClientError: An error occurred: \(word)

        """
      let program = try Program()
      let path = try program.folder.write(Self.invocation(log), to: "throttle.log")
      _ = try program.run("ingest", "--log-group", "/aws/lambda/shop", path)
      func output(_ arguments: String...) throws -> String {
        try program.run(arguments + ["--format", "json"]).standardOutput
      }
      #expect(try output("info").contains("\"throttles\": 1"), "\(word)")
      #expect(try Self.findings(output("triage")).map(\.status) == [503], "\(word)")
      #expect(try output("metrics").contains("\"Throttles\": 1"), "\(word)")
      #expect(try output("run", "lambda/throttles").contains(Self.id), "\(word)")
    }
  }

  @Test("a logged error of an invocation that failed is told with its failure")
  func loggedErrorOfFailure() throws {
    let log = Self.invocation(
      Self.traceback, duration: "3000.00", report: "Status: timeout", end: "03.000")
    #expect(try Self.findings(in: log).map(\.status) == [502])
  }

  @Test("faults of one fingerprint are one finding, others are not")
  func fingerprints() throws {
    func log(_ number: Int, _ line: Int) -> String {
      let id = "3f1c8a52-0001-4000-8000-00000000000\(number)"
      return Self.invocation(
        Self.traceback.replacingOccurrences(of: "line 9", with: "line \(line)")
      ).replacingOccurrences(of: Self.id, with: id)
        .replacingOccurrences(of: "10:00:", with: "10:0\(number):")
    }
    let other = log(3, 9).replacingOccurrences(of: "ValueError: no name", with: "KeyError: 'name'")
    let findings = try Self.findings(in: log(1, 9) + log(2, 11) + other)
    #expect(findings.map(\.count) == [2, 1])
    #expect(findings[0].first == "2026-03-01 10:01:00.010")
    #expect(findings[0].last == "2026-03-01 10:02:00.010")
  }

  @Test("an incomplete invocation is no failure, and the logs cannot show its outcome")
  func incomplete() throws {
    let program = try Program()
    let start = Self.invocation().split(separator: "\n")[0]
    let path = try program.folder.write("\(start)\n", to: "start.log")
    _ = try program.run("ingest", "--log-group", "/aws/lambda/shop", path)
    let output = try program.run("triage")
    #expect(output.standardOutput.hasPrefix("Nothing wrong"))
    #expect(output.standardOutput.contains("START and no end: 1."))
  }

  // MARK: Gateway

  static let gatewayID = "9a000000-0000-4000-8000-000000000009"

  /// Findings over a function's log and what a gateway says of its request.
  private static func findings(_ log: String, gateway lines: [String]) throws -> [Finding] {
    let program = try Program()
    let function = try program.folder.write(log, to: "function.log")
    let text = lines.map { "2026-03-01T10:00:31.000Z (\(gatewayID)) \($0)\n" }.joined()
    let gateway = try program.folder.write(text, to: "gateway.log")
    _ = try program.run("ingest", "--log-group", "/aws/lambda/shop", function)
    _ = try program.run("ingest", "--log-group", "API-Gateway-Execution-Logs_a1/prod", gateway)
    return try findings(try program.run("triage", "--format", "json").standardOutput)
  }

  @Test(
    "the gateway's own status wins over what the function's log implies", arguments: [500, 503])
  func gatewayStatus(status: Int) throws {
    let findings = try Self.findings(
      Self.invocation(report: "Status: timeout"),
      gateway: [
        "Method completed with status: \(status)",
        "AWS Integration Endpoint RequestId : \(Self.id)",
      ])
    #expect(findings.map(\.status) == [status])
    #expect(findings[0].count == 1)
  }

  @Test("a logged error of a request that the gateway reports as successful is no finding")
  func answeredWell() throws {
    let lines = [
      "Method completed with status: 200", "AWS Integration Endpoint RequestId : \(Self.id)",
    ]
    #expect(try Self.findings(Self.invocation(Self.traceback), gateway: lines).isEmpty)
    let slow = Self.invocation(duration: "31000.00", end: "31.000")
    #expect(try Self.findings(slow, gateway: lines).isEmpty)
  }

  @Test("lines of an execution log without its closing line are classified by their text")
  func errorLevelLog() throws {
    let findings = try Self.findings(
      Self.invocation(),
      gateway: ["Execution failed due to configuration error: Malformed Lambda proxy response"])
    #expect(findings.map(\.status) == [502])
    #expect(findings.map(\.cause) == ["malformed proxy response"])
    #expect(findings[0].request_id == Self.gatewayID)
  }

  @Test("bodies and usage plans that quote failures are none")
  func quotedFailures() throws {
    let findings = try Self.findings(
      Self.invocation(),
      gateway: [
        "API Key authorized because method 'GET /echo' does not require API Key.",
        "Endpoint response body before transformations: {\"message\": \"Forbidden\"}",
        "Method response headers: {x=Access denied}", "Method completed with status: 200",
      ])
    #expect(findings.isEmpty)
  }

  @Test("an access log in Common Log Format gives statuses")
  func commonLog() throws {
    let findings = try Self.findings(
      in: """
        2026-03-01T10:00:00.000Z 192.0.2.7 - - [01/Mar/2026:10:00:00 +0000] "GET /a HTTP/1.1" 403 23 Xy1=
        2026-03-01T10:00:01.000Z 192.0.2.7 - - [01/Mar/2026:10:00:01 +0000] "GET /a HTTP/1.1" 200 23 Xy2=
        2026-03-01T10:00:02.000Z 192.0.2.7 - - [01/Mar/2026:10:00:02 +0000] "GET /a HTTP/1.1" 404 23 Xy3=

        """, group: "access")
    #expect(findings.map(\.status) == [403])
    #expect(findings[0].request_id == "Xy1=")
  }

  @Test("an event of an HTTP API in the function's log chooses that API's statuses")
  func httpAPI() throws {
    let event = """
      2026-03-01T10:00:00.005Z {"version":"2.0","routeKey":"GET /a","requestContext":{"http":{"method":"GET"}}}

      """
    let log = Self.invocation(event, report: "Status: error\tError Type: Runtime.ExitError")
    #expect(try Self.findings(in: log).map(\.status) == [500])
    let slow = Self.invocation(event, duration: "30000.00", end: "30.000")
    #expect(try Self.findings(in: slow).map(\.status) == [503])
    let inTime = Self.invocation(event, duration: "29500.00", end: "29.500")
    #expect(try Self.findings(in: inTime).isEmpty)
  }

  @Test("a refused call that its caller fails of is one throttle: 503, and what the caller got")
  func throttledCaller() throws {
    let lines = """
      2026-03-01T10:00:00.005Z [WARNING]\t2026-03-01T10:00:00.005Z\t\(Self.id)\tretrying after TooManyRequestsException
      2026-03-01T10:00:00.010Z [ERROR] TooManyRequestsException: An error occurred (TooManyRequestsException) when calling the Invoke operation: Rate Exceeded.
      Traceback (most recent call last):
        File "/var/task/app.py", line 9, in handler
          invoke(item)

      """
    let findings = try Self.findings(in: Self.invocation(lines))
    #expect(findings.map(\.status) == [503])
    #expect(findings.map(\.count) == [1])
    #expect(findings[0].evidence.contains { $0.contains("whoever called it got a 502") })
    let program = try Program()
    let path = try program.folder.write(Self.invocation(lines), to: "caller.log")
    _ = try program.run("ingest", "--log-group", "/aws/lambda/shop", path)
    let metrics = try rows(try program.run("metrics", "--format", "json").standardOutput)
    #expect(metrics.first?["Throttles"] as? Int == 1)
  }

  @Test(
    "a refused call is charged to the function that was called, whose caller is named beside it",
    arguments: [
      "FunctionName=stock: An error occurred (TooManyRequestsException): Rate Exceeded.",
      "{'FunctionName': 'stock'} TooManyRequestsException",
      "{ \"FunctionName\": \"stock:live\" } TooManyRequestsException",
      "Rate Exceeded. arn:aws:lambda:eu-west-1:123456789012:function:stock:live",
      "FunctionName=arn:aws:lambda:eu-west-1:123456789012:function:stock TooManyRequestsException",
      "POST https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/stock/invocations 429 "
        + "TooManyRequestsException",
    ])
  func calledFunction(message: String) throws {
    let line = "2026-03-01T10:00:00.010Z [WARN]\t2026-03-01T10:00:00.010Z\t\(Self.id)\t\(message)\n"
    let findings = try Self.findings(in: Self.invocation(line))
    #expect(findings.map(\.functions) == [["stock"]])
    #expect(findings.map(\.callers) == [["shop"]])
  }

  @Test("a failure that the gateway passed on as a success has the status of its cause")
  func passedOn() throws {
    let findings = try Self.findings(
      Self.invocation(report: "Status: error\tError Type: KeyError"),
      gateway: [
        "Method completed with status: 200", "AWS Integration Endpoint RequestId : \(Self.id)",
      ])
    #expect(findings.map(\.status) == [502])
  }

  @Test(
    "a 504 and the timeout of a function whose log group is unknown are one failure",
    arguments: [true, false])
  func unknownLogGroup(isOtherGroup: Bool) throws {
    let program = try Program()
    let function = try program.folder.write(
      Self.invocation(duration: "30000.00", report: "Status: timeout", end: "30.000"),
      to: "function.log")
    let id = Self.gatewayID
    let gateway = try program.folder.write(
      """
      2026-03-01T09:59:59.990Z (\(id)) Sending request to https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:shop/invocations
      2026-03-01T10:00:28.990Z (\(id)) Execution failed due to a timeout error
      2026-03-01T10:00:28.990Z (\(id)) Method completed with status: 504

      """, to: "gateway.log")
    let group = isOtherGroup ? ["--log-group", "team-logs"] : []
    _ = try program.run(["ingest"] + group + [function])
    _ = try program.run("ingest", "--log-group", "API-Gateway-Execution-Logs_a1/prod", gateway)
    let findings = try Self.findings(try program.run("triage", "--format", "json").standardOutput)
    #expect(findings.map(\.status) == [504])
    #expect(findings.map(\.count) == [1])
    #expect(findings.map(\.request_id) == [Self.id])
  }

  @Test("throttles tell whether provisioned concurrency was used up")
  func provisionedConcurrency() throws {
    func start(_ type: String) -> String {
      """
      2026-03-01T09:59:00.000Z {"time":"2026-03-01T09:59:00.000Z","type":"platform.initStart","record":{"initializationType":"\(type)","phase":"init","functionName":"shop"}}

      """
    }
    let refused = """
      2026-03-01T10:00:00.010Z [WARN] \(Self.id) An error occurred (TooManyRequestsException): Rate Exceeded.

      """
    let log =
      start("provisioned-concurrency") + start("provisioned-concurrency") + start("on-demand")
      + Self.invocation(refused)
    let findings = try Self.findings(in: log)
    #expect(findings.map(\.status) == [503])
    let expected =
      "provisioned concurrency of shop was used up: it started 2 sandboxes ahead and 1 on demand"
    #expect(findings[0].evidence.contains(expected))
  }

  // MARK: Options

  @Test("--start and --end select what is triaged")
  func timeRange() throws {
    let output = try Self.samples(
      "--start", "2026-03-17T02:06:00Z", "--end", "2026-03-17T02:07:00Z", "--format", "json")
    let findings = try Self.findings(output.standardOutput)
    #expect(findings.map(\.cause) == ["out of memory"])
    #expect(findings[0].count == 1)
  }

  @Test("an empty time range says how new the newest event is")
  func emptyRange() throws {
    let output = try Self.samples("--end", "2020-01-01")
    #expect(output.status == 0)
    #expect(output.standardOutput.hasPrefix("Nothing to look at\n"))
    #expect(!output.standardOutput.contains("API Gateway"))
    for text in [output.standardOutput, output.standardError] {
      #expect(text.contains("no events up to 2020-01-01 00:00:00.999"))
      #expect(text.contains("2026-03-17 03:08:58.938"))
      #expect(text.contains("--now newest"))
    }
    let text = try Self.samples("--end", "2020-01-01", "--format", "json").standardOutput
    let object = try #require(try json(text) as? [String: Any])
    let lookedAt = try #require(object["looked_at"] as? [String: Any])
    #expect(Set(lookedAt.keys) == ["events", "invocations", "gateway_requests", "newest"])
    #expect(lookedAt["newest"] as? String == "2026-03-17 03:08:58.938")
  }

  @Test("an empty store and a log without invocations are not called healthy")
  func nothingToLookAt() throws {
    let program = try Program()
    _ = try program.run("ingest", try program.folder.write("", to: "empty.log"))
    let empty = try program.run("triage")
    #expect(empty.status == 0)
    #expect(empty.standardOutput.hasPrefix("Nothing to look at\n\nThere are no events here."))
    _ = try program.run("ingest", try program.folder.write("hello\nworld\n", to: "words.log"))
    let words = try program.run("triage").standardOutput
    #expect(words.hasPrefix("No invocations\n\nLooked at 0 invocations, in 2 events"))
  }

  @Test("gateway logs outside of the range are not said to be missing")
  func gatewayOutsideRange() throws {
    let output = try Self.samples(
      "--start", "2026-03-17T02:06:00Z", "--end", "2026-03-17T02:06:59Z")
    #expect(!output.standardOutput.contains("There are no API Gateway logs here"))
    #expect(
      output.standardOutput.contains("API Gateway logs here have no lines in this time range"))
  }

  @Test("a sample request has its own lines in order, the gateway's and the function's")
  func sampleLines() throws {
    let text = try Self.samples().standardOutput
    let section = try #require(text.components(separatedBy: "Request c3d969cb").last)
    var rest = section[...]
    for line in [
      "gateway: Starting execution", "START RequestId: c3d969cb", "[ERROR] KeyError",
      "REPORT RequestId: c3d969cb", "gateway: Method completed with status: 502",
    ] {
      let range = try #require(rest.range(of: line), "\(line)")
      rest = rest[range.upperBound...]
    }
    #expect(!(try Self.samples("--lines", "0").standardOutput.contains("START RequestId")))
  }

  @Test("Markdown has a table, a heading for each finding, and fenced logs")
  func markdown() throws {
    let text = try Self.samples("--format", "markdown", "--lines", "3").standardOutput
    #expect(text.hasPrefix("# 28 findings in 42 failed or slow requests\n"))
    #expect(text.contains("\n| # | status | cause | requests |\n"))
    #expect(text.components(separatedBy: "\n## ").count == 29)
    #expect(text.contains("more lines …\n"))
  }

  @Test("--output writes a file", arguments: ["table", "json", "markdown", "html"])
  func outputFile(format: String) throws {
    let program = try Program()
    let output = try program.run(
      "triage", "--db", SampleStore.path, "--format", format, "--output", "triage.out")
    #expect(output.status == 0)
    #expect(output.standardOutput == "")
    let text = try String(contentsOfFile: program.path("triage.out"), encoding: .utf8)
    #expect(text.contains("malformed proxy response"))
  }

  @Test("wrong options are 64", arguments: [["--gateway-timeout", "0"], ["--lines", "-1"]])
  func usage(arguments: [String]) throws {
    #expect(try Program().run(["triage"] + arguments).status == 64)
  }

  // MARK: One request

  @Test("a request that was retried is told attempt by attempt")
  func retries() throws {
    let id = "dac088ea-3d23-4289-b30c-98df504e50d5"
    let output = try Self.samples(id, "--format", "json")
    let object = try #require(try json(output.standardOutput) as? [String: Any])
    let request = try #require(object["request"] as? [String: Any])
    let attempts = try #require(request["attempts"] as? [[String: Any]])
    #expect(attempts.compactMap { $0["status"] as? String } == ["timeout", "error", "success"])
    #expect(attempts.compactMap { $0["attempt"] as? Int } == [1, 2, 3])
    let timeline = try #require(request["timeline"] as? [[String: Any]])
    let times = timeline.compactMap { $0["timestamp"] as? String }
    #expect(times == times.sorted())
    #expect(timeline.count == 14)
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.compactMap { $0["status"] as? Int } == [502, 502])
  }

  @Test("a request is found by Lambda's id and by the gateway's, also where neither log has both")
  func gatewayRequest() throws {
    for id in ["4c64b514-16c7-4348-8632-5cfc2ada6232", "a5e3df79-a9af-4416-bc98-ae39777815f4"] {
      let text = try Self.samples(id).standardOutput
      #expect(text.contains("504 integration timeout"))
      #expect(text.contains("Method completed with status: 504"))
      #expect(text.contains("warehouse answered after 31187 ms"))
      #expect(text.contains("X-Ray trace"))
    }
  }

  @Test("the story of a healthy request tells that nothing is wrong with it")
  func healthyRequest() throws {
    let text = try Self.samples("4e885b91-559f-4a14-9fd4-f12298d03a99").standardOutput
    #expect(text.contains("Nothing wrong with it"))
    #expect(text.contains("cold start   403.76 ms"))
    #expect(text.contains("INIT_START"))
  }

  @Test(
    "a request that no log names is 66",
    arguments: ["00000000-0000-4000-8000-000000000000", "x\"y", "", "(", "%"])
  func unknownRequest(id: String) throws {
    let output = try Self.samples(id, "--format", "json")
    #expect(output.status == 66)
    #expect(output.standardOutput == "")
  }
}
