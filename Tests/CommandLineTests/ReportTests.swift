import Foundation
import InsightsTestSupport
import Testing

@Suite("charts and time zones")
struct ChartTests {
  @Test("--format chart draws what stats counts, and says so where there are no numbers")
  func chart() throws {
    let program = try Program.withSampleStore()
    let chart = try program.run("query", "stats count(*) as n by @type", "--format", "chart")
    #expect(chart.status == 0)
    #expect(chart.standardOutput.hasPrefix("n\n"))
    #expect(chart.standardOutput.contains("REPORT  █"))
    #expect(chart.standardError == "")
    let text = try program.run("query", "fields @message | limit 1", "--format", "chart")
    #expect(text.standardOutput.hasPrefix("@message\n"))
    #expect(text.standardError.contains("no numbers to draw"))
  }

  @Test("a saved query says how it is drawn; several stand under their names")
  func preference() throws {
    let program = try Program.withSampleStore()
    try FileManager.default.createDirectory(
      atPath: program.path("Queries/p"), withIntermediateDirectories: true)
    let query = "stats count(*) as n by bin(1m)\n"
    _ = try program.folder.write("# chart: none\n" + query, to: "Queries/p/none.insights")
    _ = try program.folder.write("# chart: line\n" + query, to: "Queries/p/line.insights")
    let output = try program.run("run", "p", "--format", "chart").standardOutput
    let halves = output.components(separatedBy: "p/none\n")
    #expect(halves.count == 2)
    #expect(halves[0].hasPrefix("p/line\nn  highest "))
    #expect(!halves[0].contains("█"))
    #expect(halves[1].hasPrefix("bin(1m)  "))
  }

  @Test("--timezone changes what people read, never json, tsv or the bins")
  func timezone() throws {
    let program = try Program.withSampleStore()
    func run(_ format: String) throws -> String {
      try program.run(
        "query", "filter @type = 'REPORT' | stats count(*) as n by bin(1d)", "--format", format,
        "--timezone", "+05:30"
      ).standardOutput
    }
    #expect(try run("csv").contains("\n2026-02-11 05:30:00.000+05:30,"))
    #expect(try run("table").contains("2026-02-11 05:30:00.000+05:30"))
    #expect(try run("markdown").contains("| 2026-02-11 05:30:00.000+05:30 |"))
    for format in ["json", "ndjson", "tsv", "aws"] {
      #expect(try run(format).contains("2026-02-11 00:00:00.000"))
      #expect(try !run(format).contains("+05:30"))
    }
  }

  @Test("--timezone takes names where the machine has them, and refuses what is none with 64")
  func unknownZone() throws {
    let program = try Program.withSampleStore()
    for zone in ["Nowhere/Else", "../../etc/passwd", ""] {
      let output = try program.run("query", "limit 1", "--timezone", zone)
      #expect(output.status == 64)
      #expect(output.standardError.contains("unknown time zone '\(zone)'"))
    }
  }
}

@Suite("reports")
struct ReportTests {
  @Test("run writes a whole pack as one page")
  func pack() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "run", "lambda", "--format", "html", "--output", "report.html", "--since=2d", "--now",
      "newest")
    #expect(output.status == 0)
    #expect(output.standardOutput == "")
    let page = try String(contentsOfFile: program.path("report.html"), encoding: .utf8)
    #expect(page.contains("<h1>lambda</h1>"))
    #expect(page.contains("<dt>Store</dt><dd>insights.db</dd>"))
    #expect(page.contains("<dt>Time range</dt><dd>from 2026-02-"))
    #expect(page.contains("<code>lambda/duration-percentiles</code>"))
    #expect(page.contains("<table>"))
  }

  @Test("a page of several results begins with what triage finds, the most urgent first")
  func opening() throws {
    let program = try Program()
    let page = try program.run(
      "run", "lambda", "gateway", "--format", "html", "--db", SampleStore.path
    ).standardOutput
    let triage = try program.run(
      "triage", "--format", "json", "--quiet", "--db", SampleStore.path
    ).standardOutput
    let report = try #require(try json(triage) as? [String: Any])
    let findings = try #require(report["findings"] as? [[String: Any]])
    #expect(findings.count > 20)
    var rest = page[...]
    for finding in findings {
      let cause = try #require(finding["cause"] as? String)
        .replacingOccurrences(of: "'", with: "&#39;")
      let place = try #require(rest.range(of: "<p class=\"cause\">\(cause)</p>"), "\(cause)")
      rest = rest[place.upperBound...]
    }
    #expect(rest.contains("<ul class=\"tiles\">"))
  }

  @Test("tiles tell the number that each result comes down to, of all rows")
  func tiles() throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.path("Queries/p"), withIntermediateDirectories: true)
    for (name, text) in [
      ("a", "# headline: rows — lines\nfields @message"),
      ("b", "# headline: sum(n) — events\nstats count(*) as n by @log"),
      ("c", "# headline: sum(other) — events\nstats count(*) as n by @log"),
      ("d", "# headline: nonsense(n)\nstats count(*) as n by @log"),
      ("e", "# headline: max(none) — ms\nstats max(@duration) as none by @log"),
    ] {
      _ = try program.folder.write(text, to: "Queries/p/\(name).insights")
    }
    _ = try program.runShell("seq 12345 | sed 's/^/2026-01-01T00:00:00Z line /' > long.log")
    let output = try program.run("run", "p", "--from", "long.log", "--format", "html")
    #expect(output.status == 0)
    // More than the rows that are shown.
    #expect(output.standardOutput.contains("<b>12,345</b> lines"))
    #expect(output.standardOutput.contains("<b>12,345</b> events"))
    #expect(output.standardOutput.components(separatedBy: "class=\"fact\"").count == 3)
    #expect(output.standardError.contains("the headline of 'p/c' names a column 'other' that"))
    // A column without a value is no mistake.
    #expect(!output.standardError.contains("p/e"))
    #expect(output.standardError.contains("the headline of 'p/d' cannot be read: nonsense(n)"))
  }

  @Test("no page has a path of this machine: not of the store, the logs, or a query's file")
  func paths() throws {
    let program = try Program.withSampleStore()
    let query = try program.folder.write("stats count(*) by @type\n", to: "mine.insights")
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let store = program.path("insights.db")
    for arguments in [
      ["run", query, "lambda/errors", "--db", store], ["run", query, "--db", store],
      ["run", "lambda", "--from", log], ["query", "limit 1", "--db", store],
      ["query", "--file", query, "--db", store], ["triage", "--db", store],
      ["triage", "--from", log],
    ] {
      let page = try program.run(arguments + ["--format", "html"])
      #expect(page.status == 0)
      #expect(!page.standardOutput.contains(program.folder.path), "\(arguments)")
    }
  }

  @Test("query tells what was asked, of files as well")
  func query() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let page = try program.run(
      "query", "stats count(*) by @type", "--from", log, "--format", "html", "--end=2026-03-01"
    ).standardOutput
    #expect(page.contains("<pre class=\"query\">stats count(*) by @type</pre>"))
    #expect(page.contains("<dt>Logs</dt><dd>shop.log</dd>"))
    #expect(!page.contains(program.folder.path))
    #expect(page.contains("<dd>until 2026-03-01 00:00:00.999 UTC</dd>"))
  }
}
