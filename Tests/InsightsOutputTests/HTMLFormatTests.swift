import InsightsModel
import InsightsOutput
import InsightsText
import Testing

@Suite struct HTMLFormatTests {
  private let hostile = "</title><script>alert(1)</script>&\"'\u{1B}[31m\u{0}\u{202E}"

  private func page(_ report: Report, timeZone: TimeZone = .utc) throws -> String {
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
    #expect(text.contains("<li><a href=\"#result-1\"><b>2</b> T p/a</a></li>"))
    #expect(text.contains("<li class=\"empty\"><a href=\"#result-2\"><b>0</b> T p/b</a></li>"))
    #expect(text.contains("<section id=\"result-2\">\n<h2>T p/b <code>p/b</code></h2>"))
    #expect(text.contains("<p class=\"none\">No rows.</p>"))
    #expect(text.contains("<details class=\"query\">"))
    #expect(text.contains("class=\"line\" d=\"M"))
    #expect(isWellFormed(text))
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
    let zone = try #require(TimeZone.named("+05:30"))
    let text = try page(
      Report(title: "", results: [result("x", counts([1, 2]))], isSingle: true), timeZone: zone)
    #expect(text.contains("2026-02-11 14:30:00.000+05:30"))
    #expect(text.contains("<dt>Times</dt><dd>+05:30</dd>"))
    #expect(text.contains("14:30 to 15:30 +05:30"))
  }
}
