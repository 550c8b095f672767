import Foundation
import InsightsModel
import InsightsOutput
import InsightsText
import Testing

@Suite struct HTMLFormatTests {
  private let hostile = "</title><script>alert(1)</script>&\"'\u{1B}[31m\u{0}\u{202E}"

  private func page(_ report: Report, timeZone: InsightsText.TimeZone = .utc) throws -> String {
    let formatter = try #require(
      OutputFormatRegistry.formatter(named: "html", for: .none, timeZone: timeZone)
        as? any ReportFormatter)
    var output = OutputBuffer()
    try formatter.write(report, to: &output)
    return String(decoding: output.bytes, as: UTF8.self)
  }

  private func counts(_ values: [Double], keys: [String]? = ["bin(1h)"]) -> ResultTable {
    ResultTable(
      columns: [
        ResultColumn(name: "bin(1h)", type: .timestamp, isComputed: true),
        ResultColumn(name: "n", type: .number, isComputed: true),
      ],
      rows: values.enumerated().map { index, value in
        [.integer(1_770_800_400_000 + Int64(index) * 3_600_000), .real(value)]
      }, groupKeys: keys)
  }

  private func result(_ name: String, _ table: ResultTable, chart: ChartPreference = .automatic)
    -> NamedResult
  {
    NamedResult(
      name: name, title: "T \(name)", description: "D", query: "stats x\n| limit 1", chart: chart,
      table: table)
  }

  /// Whether every element that is opened is closed, in order.
  private func isWellFormed(_ page: String) -> Bool {
    var open: [Substring] = []
    for part in page.split(separator: "<").dropFirst() {
      let tag = part.prefix { $0 != ">" }
      let name = tag.prefix { $0 != " " }
      if name.hasPrefix("/") {
        guard open.popLast() == name.dropFirst() else { return false }
      } else if !tag.hasSuffix("/"), !tag.hasPrefix("!"), name != "meta" {
        open.append(name)
      }
    }
    return open.isEmpty
  }

  @Test("html: one page that needs nothing else, with a table and a chart over time")
  func single() throws {
    let text = try page(
      Report(
        title: "Requests", facts: [.init("Store", "a & b")],
        results: [result("x", counts([3, 4, 8]))], isSingle: true))
    #expect(text.contains("<h1>Requests</h1>"))
    #expect(text.contains("<dt>Store</dt><dd>a &amp; b</dd>"))
    #expect(text.contains("<dt>Rows</dt><dd>3</dd>"))
    #expect(text.contains("<pre class=\"query\">stats x\n| limit 1</pre>"))
    #expect(text.split(separator: "<rect class=\"mark\"").count == 4)
    #expect(text.contains("<title>8 at 2026-02-11 11:00</title>"))
    #expect(text.contains("role=\"img\" aria-label=\"n over time, 2026-02-11 09:00 to 11:00 UTC. "))
    #expect(
      text.contains("<td class=\"time\">2026-02-11 09:00:00.000</td><td class=\"number\">3</td>"))
    for needed in ["<script", "src=", "@import", "url(", "http"] {
      #expect(!text.contains(needed), "\(needed)")
    }
    #expect(!text.contains("<nav"))
    #expect(isWellFormed(text))
  }

  @Test("html: a pack has an overview that leads to every result, empty ones included")
  func pack() throws {
    let none = ResultTable(columns: [ResultColumn(name: "x", type: .text)])
    let text = try page(
      Report(
        title: "p", results: [result("p/a", counts([1.5, 2])), result("p/b", none)],
        isSingle: false))
    #expect(text.contains("<li><a href=\"#result-1\"><span>T p/a</span></a></li>"))
    #expect(
      text.contains(
        "<li class=\"empty\"><a href=\"#result-2\"><span>T p/b</span><span class=\"fact\">none</span></a></li>"
      ))
    #expect(text.contains("<section id=\"result-2\">\n<h2>T p/b <code>p/b</code></h2>"))
    #expect(text.contains("<p class=\"none\">No rows.</p>"))
    #expect(text.contains("<details class=\"query\">"))
    #expect(text.contains("class=\"line\" d=\"M"))
    #expect(isWellFormed(text))
  }

  @Test("html: a report begins with its opening; tiles tell facts, never the number of rows")
  func openingAndTiles() throws {
    var cost = result("p/cost", counts([1, 2]))
    cost.headline = .init("0.0041", "US dollars")
    let finding = Document.Finding(
      number: 1, status: 502, title: "KeyError", facts: ["2 requests"], advice: "Correct it.")
    let text = try page(
      Report(
        title: "p", opening: [.heading(level: 2, text: "1 finding"), .findings([finding])],
        facts: [.init("Store", "x.db")], results: [cost, result("p/b", counts([3, 4, 5]))],
        isSingle: false))
    #expect(text.contains("<b>0.0041</b> US dollars"))
    #expect(!text.contains("<b>2</b>") && !text.contains("<b>3</b>"))
    let places = try [
      "<h1>p</h1>", ">1 finding</h2>", "KeyError", "x.db", "class=\"tiles\"", "<svg",
    ]
    .map { try #require(text.range(of: $0)).lowerBound }
    #expect(places == places.sorted())
    #expect(isWellFormed(text))
  }

  @Test("html: of many findings the first stand open, and all are on the page")
  func manyFindings() throws {
    for count in [0, 1, 2, 8, 9, 200] {
      let findings = (0..<count).map {
        Document.Finding(number: $0 + 1, status: 500, title: "cause \($0)", facts: [])
      }
      let text = try page(
        Report(title: "", opening: [.findings(findings)], results: [], isSingle: false))
      #expect(text.components(separatedBy: "class=\"cause\"").count == count + 1)
      #expect(text.contains("more findings</summary>") == (count > 8))
      #expect(isWellFormed(text))
    }
  }

  @Test("html: a series has the same colour in all charts of a page, wherever it ranks")
  func seriesColors() throws {
    func table(_ names: [String]) -> ResultTable {
      ResultTable(
        columns: counts([]).columns + [ResultColumn(name: "k", type: .text)],
        rows: names.enumerated().flatMap { index, name in
          [0, 1].map { [.integer($0 * 3_600_000), .integer(Int64(100 - index)), .text(name)] }
        }, groupKeys: ["bin(1h)", "k"])
    }
    let many = (0..<30).map { "other\($0)" }
    let text = try page(
      Report(
        title: "",
        results: [
          result("a", table(["red", "green", "blue"])), result("b", table(["blue", "red"])),
          result("c", table(Array(many[..<8]))), result("d", table(["green", "red"])),
        ], isSingle: false))
    for name in ["red", "green", "blue"] {
      let classes = text.components(separatedBy: "<i></i>\(name)</li>").dropLast()
        .compactMap { $0.components(separatedBy: "<li class=\"").last }
      #expect(classes.count >= 2)
      #expect(Set(classes).count == 1, "\(name): \(classes)")
    }
    let all = text.components(separatedBy: "<li class=\"s").dropFirst().map {
      $0.prefix { $0 != "\"" }
    }
    #expect(Set(all).count == 11)
  }

  @Test("html: values of charts are text of the page, whole however long they are")
  func wholeValues() throws {
    let bars = ResultTable(
      columns: [ResultColumn(name: "k", type: .text), ResultColumn(name: "n", type: .number)],
      rows: [
        [.text("a"), .integer(123_456_789_012_345_678)], [.text("b"), .integer(-98_765_432_109)],
        [.text(String(repeating: "long name ", count: 30)), .integer(3)],
      ], groupKeys: ["k"])
    let text = try page(Report(title: "", results: [result("x", bars)], isSingle: true))
    #expect(text.contains("<span class=\"value\">123456789012345678</span>"))
    #expect(text.contains("<span class=\"value\">-98765432109</span>"))
    #expect(text.contains("title=\"long name long name"))
    let lines = try page(
      Report(
        title: "", results: [result("x", counts([0.000000001234, 0.5e-8]))], isSingle: true))
    #expect(lines.contains("<div class=\"values\" aria-hidden=\"true\"><span style=\"top:"))
    #expect(!lines.contains("<text"))
  }

  @Test("html: a chart is drawn of groups, or where a query wants one, and not of one row")
  func whenCharts() throws {
    func hasChart(_ table: ResultTable, _ chart: ChartPreference = .automatic) throws -> Bool {
      try page(Report(title: "", results: [result("x", table, chart: chart)], isSingle: true))
        .contains("<svg")
    }
    #expect(try hasChart(counts([1, 2])))
    #expect(try !hasChart(counts([1])))
    #expect(try !hasChart(counts([1, 2]), .none))
    #expect(try !hasChart(counts([1, 2], keys: nil)))
    #expect(try hasChart(counts([1, 2], keys: nil), .bar))
  }

  @Test("html: whatever names and values hold, nothing of it becomes markup")
  func escapes() throws {
    let table = ResultTable(
      columns: [
        ResultColumn(name: hostile, type: .text), ResultColumn(name: "n\(hostile)", type: .number),
      ],
      rows: [[.text(hostile), .integer(1)], [.text("a\n\(hostile)"), .integer(-2)]],
      groupKeys: [hostile])
    let report = Report(
      title: hostile, facts: [.init(hostile, hostile)],
      results: [
        NamedResult(
          name: hostile, title: hostile, description: hostile, query: hostile, table: table)
      ], isSingle: false)
    let text = try page(report)
    #expect(!text.contains("<script"))
    #expect(text.contains("&lt;script&gt;"))
    #expect(isWellFormed(text))
    for scalar in text.unicodeScalars where scalar != "\n" {
      #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
      #expect(scalar.value != 0x202E)
    }
  }

  @Test("html: a text of several lines shows its first and opens")
  func severalLines() throws {
    let text = try formatted(
      cell(.text("Traceback\n  File \"a.py\"\nKeyError: <x>\n"), .text), as: "html")
    #expect(
      text.contains(
        "<summary>Traceback</summary><pre>  File &quot;a.py&quot;\nKeyError: &lt;x&gt;</pre>"))
  }

  @Test("html: more bars, series or columns than a chart shows are counted")
  func limits() throws {
    let bars = ResultTable(
      columns: [ResultColumn(name: "k", type: .text)]
        + (1...6).map { ResultColumn(name: "n\($0)", type: .number) },
      rows: (1...30).map { row in [.text("r\(row)")] + (1...6).map { .integer($0) } },
      groupKeys: ["k"])
    let text = try formatted(bars, as: "html")
    #expect(text.contains("The first 20 of 30 rows."))
    #expect(text.contains("2 more columns are in the table."))
    #expect(text.split(separator: "<figure>").count == 5)
    let series = ResultTable(
      columns: counts([]).columns + [ResultColumn(name: "k", type: .text)],
      rows: (1...11).map { [.integer(0), .integer(Int64($0)), .text("k\($0)")] } + [
        [.null, .integer(1)]
      ],
      groupKeys: ["bin(1h)", "k"])
    let lines = try formatted(series, as: "html")
    #expect(lines.contains("<li>3 more in the table</li>"))
    #expect(lines.contains("1 row has no time and are only in the table.") == false)
    #expect(lines.contains("1 row has no time and is only in the table."))
    #expect(lines.contains("<i></i>k11</li>"))
  }

  @Test("html: times and axes are those of the zone")
  func zone() throws {
    let zone = try #require(InsightsText.TimeZone.named("+05:30"))
    let text = try page(
      Report(title: "", results: [result("x", counts([1, 2]))], isSingle: true), timeZone: zone)
    #expect(text.contains("2026-02-11 14:30:00.000+05:30"))
    #expect(text.contains("<dt>Times</dt><dd>+05:30</dd>"))
    #expect(text.contains("14:30 to 15:30 +05:30"))
  }
}
