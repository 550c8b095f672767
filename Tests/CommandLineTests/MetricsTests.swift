import Foundation
import InsightsTestSupport
import Testing

@Suite("metrics")
struct MetricsTests {
  /// A log of invocations that begin at `start` seconds and take `seconds`, in streams of their own.
  private static func log(_ spans: [(start: Double, seconds: Double)], report: String = "")
    -> String
  {
    spans.enumerated().map { index, span in
      let id = "5e000000-0000-4000-8000-0000000000\(10 + index)"
      func time(_ seconds: Double) -> String {
        let total = Int((seconds * 1000).rounded())
        return String(
          format: "2026-03-01T10:%02d:%02d.%03dZ", total / 60_000, total / 1000 % 60, total % 1000)
      }
      let end = time(span.start + span.seconds)
      return """
        \(time(span.start)) START RequestId: \(id) Version: $LATEST
        \(end) REPORT RequestId: \(id)\tDuration: \(span.seconds * 1000) ms\tBilled Duration: \(Int(span.seconds * 1000)) ms\tMemory Size: 1024 MB\tMax Memory Used: 64 MB\t\(report)

        """
    }.joined()
  }

  /// The rows of `metrics` over a log, each invocation in a stream of its own.
  private static func metrics(
    _ spans: [(start: Double, seconds: Double)], report: String = "", _ arguments: String...
  ) throws -> [[String: Any]] {
    let program = try program(spans, report: report)
    let output = try program.run(["metrics", "--format", "json"] + arguments)
    #expect(output.status == 0)
    return try rows(output.standardOutput)
  }

  private static func program(
    _ spans: [(start: Double, seconds: Double)], report: String = ""
  ) throws -> Program {
    let program = try Program()
    for (index, span) in spans.enumerated() {
      // Ids differ by the position in the list.
      let text = log(Array(repeating: span, count: index + 1), report: report)
      let lines = text.split(separator: "\n").suffix(2).joined(separator: "\n") + "\n"
      let path = try program.folder.write(lines, to: "\(index).log")
      _ = try program.run(
        "ingest", "--log-group", "/aws/lambda/shop", "--log-stream", "\(index)", path)
    }
    return program
  }

  @Test("the peak of overlapping invocations is exact; touching ones do not overlap")
  func concurrency() throws {
    func peak(_ spans: [(Double, Double)]) throws -> Int? {
      try Self.metrics(spans.map { (start: $0.0, seconds: $0.1) }).first?["ConcurrentExecutions"]
        as? Int
    }
    #expect(try peak([(0, 1)]) == 1)
    #expect(try peak([(0, 1), (1, 1), (2, 1)]) == 1)
    #expect(try peak([(0, 1), (0.999, 1), (2, 1)]) == 2)
    #expect(try peak([(0, 10), (1, 1), (2, 3), (4, 1), (9, 5)]) == 3)
  }

  @Test("an invocation under way overlaps those of the next period and of the range")
  func carriedOver() throws {
    let spans = [(start: 50.0, seconds: 30.0), (start: 70.0, seconds: 1.0)]
    let found = try Self.metrics(spans, "--period", "1m")
    #expect(found.compactMap { $0["ConcurrentExecutions"] as? Int } == [1, 2])
    #expect(found.compactMap { $0["Invocations"] as? Int } == [1, 1])
    let later = try Self.metrics(spans, "--start", "2026-03-01T10:01:00Z")
    #expect(later.compactMap { $0["ConcurrentExecutions"] as? Int } == [2])
  }

  @Test("an invocation counts in the period in which it starts")
  func periods() throws {
    let found = try Self.metrics(
      [(start: 59.9, seconds: 1), (start: 60, seconds: 1), (start: 119.9, seconds: 1)],
      "--period", "60s")
    #expect(
      found.compactMap { $0["period"] as? String } == [
        "2026-03-01 10:00:00.000", "2026-03-01 10:01:00.000",
      ])
    #expect(found.compactMap { $0["Invocations"] as? Int } == [1, 2])
  }

  @Test("percentiles are those of the query language")
  func percentiles() throws {
    let arguments = ["--db", try SampleStore.path, "--format", "json"]
    let metrics = try rows(try Program().run(["metrics"] + arguments).standardOutput)
    let queried = try rows(
      try Program().run(["run", "lambda/duration-percentiles"] + arguments).standardOutput)
    #expect(metrics.count == queried.count)
    for row in queried {
      let log = try #require(row["@log"] as? String)
      let function = try #require(log.split(separator: "/").last.map(String.init))
      let metric = try #require(metrics.first { $0["function"] as? String == function })
      for (name, column) in [
        ("p50", "DurationP50"), ("p95", "DurationP95"), ("p99", "DurationP99"),
        ("maximum", "DurationMax"),
      ] {
        let expected = try #require(row[name] as? Double)
        #expect(abs(try #require(metric[column] as? Double) - expected) < 0.000_2, "\(function)")
      }
    }
  }

  @Test("errors, throttles and cold starts of the sample logs are counted by function")
  func sampleCounts() throws {
    let output = try Program().run(
      "metrics", "--db", SampleStore.path, "--format", "json", "--log-group", "/aws/lambda/*")
    let orders = try #require(
      try rows(output.standardOutput).first { $0["function"] as? String == "orders-api" })
    #expect(orders["Invocations"] as? Int == 49)
    #expect(orders["Errors"] as? Int == 3)
    // A call to it that the gateway made; two that it made itself were to payments.
    #expect(orders["Throttles"] as? Int == 1)
    let payments = try #require(
      try rows(output.standardOutput).first { $0["function"] as? String == "payments" })
    #expect(payments["Throttles"] as? Int == 2)
    #expect(orders["ConcurrentExecutions"] as? Int == 3)
    #expect(orders["ColdStartRate"] as? Double == 6.25)
  }

  @Test("cost is billed time times memory, and the requests")
  func cost() throws {
    let found = try Self.metrics(
      [(start: 0, seconds: 10), (start: 20, seconds: 10)], "--gb-second-price", "0.5",
      "--million-requests-price", "1000000")
    #expect(found.first?["Cost"] as? Double == 12)
    #expect(found.first?["CostPerMillion"] as? Double == 6_000_000)
  }

  // MARK: Alarms

  private static let failing = [
    (start: 0.0, seconds: 1.0), (start: 10.0, seconds: 1.0), (start: 130.0, seconds: 1.0),
  ]

  @Test(
    "an alarm exits with 1 when it fires, else with 0",
    arguments: [
      ("Errors Sum 60s 1of1 > 1", true), ("Errors Sum 60s 1of1 > 2", false),
      ("Errors Sum 60s 1of1 >= 2", true), ("errors sum 60 1of1>1", true),
      ("Errors Sum 60s > 1", true), ("Errors Sum 5m 1of1 >= 3", true),
      ("Errors Sum 60s 2of3 >= 1", true), ("Errors Sum 60s 2of2 >= 1", false),
      ("Errors Average 5m 1of1 >= 1", true), ("Duration Maximum 60s 1of1 > 999", true),
      ("Duration p99 60s 1of1 < 1000", false), ("Invocations SampleCount 60s 1of1 < 2", true),
      ("ConcurrentExecutions Maximum 60s 1of1 > 1", false), ("Throttles Sum 60s 1of1 > 0", false),
      ("Throttles Sum 60s 1of1 < 1", false),
    ])
  func alarm(text: String, fires: Bool) throws {
    let program = try Self.program(Self.failing, report: "Status: error\tError Type: X")
    let output = try program.run("metrics", "--alarm", text)
    #expect(output.status == (fires ? 1 : 0))
    #expect(output.standardError.contains("alarm '\(text)' fires: shop: ") == fires)
    #expect(output.standardOutput.hasPrefix("period"))
  }

  @Test("alarms of several periods are each evaluated over their own")
  func severalPeriods() throws {
    let program = try Self.program(Self.failing, report: "Status: error\tError Type: X")
    let output = try program.run(
      "metrics", "--alarm", "Errors Sum 60s > 2", "--alarm", "Errors Sum 5m > 2", "--alarm",
      "Errors Average 5m >= 1", "--alarm", "Errors Sum 5m > 3")
    #expect(output.status == 1)
    let fired = output.standardError.split(separator: "\n").map { $0.prefix { $0 != ":" } }
    #expect(fired.count == 2)
    #expect(output.standardError.contains("alarm 'Errors Sum 5m > 2' fires: shop: "))
    #expect(output.standardError.contains("alarm 'Errors Average 5m >= 1' fires: shop: "))
  }

  @Test("the reason tells the values and when")
  func reason() throws {
    let program = try Self.program(Self.failing, report: "Status: error\tError Type: X")
    let output = try program.run("metrics", "--alarm", "Errors Sum 60s 2of3 >= 1")
    #expect(
      output.standardError.contains(
        "shop: Errors Sum was 2, 1 in 2 of 3 periods from 2026-03-01 10:00:00.000"))
  }

  @Test(
    "an alarm that does not read is 64",
    arguments: [
      "", "Errors", "Errors Sum 60s 1of1 >", "Latency Sum 60s 1of1 > 1", "Errors p101 60s 1of1 > 1",
      "Errors Sum 0s 1of1 > 1", "Errors Sum 60s 2of1 > 1", "Errors Sum 60s 1of1 = 1",
      "Errors Sum 60s 1of1 > many", "ConcurrentExecutions Average 60s 1of1 > 1",
      "Errors Sum 99999999999999999999s 1of1 > 1", "Errors Sum 60s 1of99999999999 > 1",
    ])
  func malformedAlarm(text: String) throws {
    let output = try Program.withSampleStore().run("metrics", "--alarm", text)
    #expect(output.status == 64)
    #expect(output.standardError.hasPrefix("error: "))
  }

  @Test("a period that is none is 64", arguments: ["0s", "soon", "-5m"])
  func malformedPeriod(period: String) throws {
    #expect(try Program().run("metrics", "--period=\(period)").status == 64)
  }

  @Test("a store without invocations gives no rows, and no alarm fires")
  func empty() throws {
    let program = try Program()
    let path = try program.folder.write("2026-03-01T10:00:00.000Z hello\n", to: "hello.log")
    _ = try program.run("ingest", path)
    let output = try program.run(
      "metrics", "--alarm", "Invocations Sum 60s 1of1 < 1", "--format", "json")
    #expect(output.status == 0)
    #expect(try rows(output.standardOutput).isEmpty)
  }
}
