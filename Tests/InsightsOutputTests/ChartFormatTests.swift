import InsightsModel
import InsightsOutput
import InsightsText
import Testing

@Suite struct ChartFormatTests {
  /// 2026-02-11 09:00:00 UTC.
  private let morning: Int64 = 1_770_800_400_000
  private let minute: Int64 = 60_000

  private func counts(_ values: [Int64?], step: Int64 = 60_000, name: String = "n") -> ResultTable {
    ResultTable(
      columns: [
        ResultColumn(name: "bin(1m)", type: .timestamp, isComputed: true),
        ResultColumn(name: name, type: .number, isComputed: true),
      ],
      rows: values.enumerated().compactMap { index, value in
        value.map { [.integer(morning + Int64(index) * step), .integer($0)] }
      }, groupKeys: ["bin(1m)"])
  }

  private func bars(_ rows: [(String, Value)], key: String = "fn") -> ResultTable {
    ResultTable(
      columns: [
        ResultColumn(name: key, type: .text),
        ResultColumn(name: "n", type: .number, isComputed: true),
      ], rows: rows.map { [.text($0.0), $0.1] }, groupKeys: [key])
  }

  private let narrow = Terminal(columnCount: 40, usesColor: false)

  @Test("chart: groups are bars, to the eighth of a letter, with the values of every format")
  func bars() throws {
    let table = bars([
      ("orders", .integer(40)), ("pay", .real(17.25)), ("x", .integer(0)), ("y", .null),
    ])
    let text = try formatted(table, as: "chart", terminal: narrow)
    #expect(
      text == """
        n
        orders  ██████████████████████████ 40
        pay     ███████████▎ 17.25
        x       0
        y

        """)
  }

  @Test("chart: negative numbers stand left of zero, and no line is wider than the terminal")
  func negative() throws {
    let table = bars([("a", .integer(-30)), ("b", .integer(60)), ("c", .real(-0.001))])
    let text = try formatted(table, as: "chart", terminal: narrow)
    #expect(
      text == """
        n
        a  ██████████ -30
        b            ████████████████████ 60
        c           █ -0.001

        """)
  }

  @Test("chart: bins over time are columns; empty bins stay empty")
  func columns() throws {
    let text = try formatted(counts([8, 4, nil, 1, 0]), as: "chart", terminal: narrow)
    #expect(
      text == """
        n  highest 8 at 2026-02-11 09:00
        8 ┤██████
          │██████
          │██████
          │██████
        4 ┤██████ ██████
          │██████ ██████
          │██████ ██████
          │██████ ██████        ██████
        0 ┼┬─────────────┬─────────────┬──────
           09:00       09:02         09:04
        2026-02-11 09:00 to 09:04 UTC
        by 1 minute

        """)
  }

  @Test("chart: more bins than columns share them, and the highest shows")
  func manyBins() throws {
    var values = [Int64?](repeating: 1, count: 600)
    values[300] = 16
    let lines = try formatted(counts(values), as: "chart", terminal: narrow).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 40 })
    #expect(lines[1].filter { $0 == "█" }.count == 1)
    #expect(lines[8].filter { "▁▂▃▄▅▆▇█".contains($0) }.count == 36)
  }

  @Test("chart: decimals over time are a line, which is broken where a bin has none")
  func line() throws {
    let table = ResultTable(
      columns: counts([]).columns,
      rows: [0, 1, 2, 4].map { [.integer(morning + $0 * minute), .real(Double($0) + 0.5)] },
      groupKeys: ["bin(1m)"])
    let text = try formatted(
      table, as: "chart", terminal: Terminal(columnCount: 30, usesColor: false))
    #expect(
      text == """
        n
          5 ┤                        ⢀
            │
            │
            │
        2.5 ┤         ⣀⠤⠒⠉
            │    ⢀⡠⠤⠒⠉
            │⢀⡠⠔⠊⠁
            │⠁
          0 ┼┬────────────────────────
             09:00
        2026-02-11 09:00 to 09:04 UTC
        by 1 minute

        """)
  }

  @Test("chart: every other key is a series of its own, on one scale, the largest first")
  func series() throws {
    let table = ResultTable(
      columns: counts([]).columns + [ResultColumn(name: "fn", type: .text)],
      rows: [
        [.integer(morning), .integer(1), .text("small")],
        [.integer(morning), .integer(8), .text("big")],
        [.integer(morning + minute), .integer(8), .text("big")],
        [.null, .integer(3), .text("big")],
      ], groupKeys: ["bin(1m)", "fn"])
    let text = try formatted(table, as: "chart", terminal: narrow)
    #expect(
      text == """
        n  big  highest 8 at 2026-02-11 09:00
        8 ┤███████ ███████
          │███████ ███████
          │███████ ███████
          │███████ ███████
        4 ┤███████ ███████
          │███████ ███████
          │███████ ███████
          │███████ ███████
        0 ┼┬───────────────
           09:00

        n  small  highest 1 at 2026-02-11 09:00
        8 ┤
          │
          │
          │
        4 ┤
          │
          │
          │███████
        0 ┼┬───────────────
           09:00
        2026-02-11 09:00 to 09:01 UTC
        by 1 minute
        1 row without a time not shown

        """)
  }

  @Test("chart: one row without a key is a bar for each of its numbers")
  func oneRow() throws {
    let table = ResultTable(
      columns: ["count(*)", "max(ms)"].map {
        ResultColumn(name: $0, type: .number, isComputed: true)
      },
      rows: [[.integer(2), .integer(4)]], groupKeys: [])
    let text = try formatted(table, as: "chart", terminal: narrow)
    #expect(
      text == """
        count(*)  ██████████████ 2
        max(ms)   ████████████████████████████ 4

        """)
  }

  @Test("chart: events are dots over their times; without times they are bars")
  func events() throws {
    let table = ResultTable(
      columns: [
        ResultColumn(name: "@timestamp", type: .timestamp), ResultColumn(name: "ms", type: .any),
      ], rows: [[.integer(morning), .integer(3)], [.integer(morning + 1500), .integer(1)]])
    let text = try formatted(table, as: "chart", terminal: narrow)
    #expect(text.contains("2026-02-11 09:00:00.000 to 09:00:01.500 UTC\n"))
    #expect(text.unicodeScalars.filter { (0x2801...0x28FF).contains($0.value) }.count == 2)
    var untimed = table
    untimed.columns[0].type = .text
    untimed.rows[0][0] = .text("a")
    untimed.rows[1][0] = .null
    #expect(
      try formatted(untimed, as: "chart", terminal: narrow).split(separator: "\n").last
        == "(none)  ██████████ 1")
  }

  @Test("chart: what has no numbers is a table", arguments: [[[Value.text("a")]], []])
  func noNumbers(rows: [[Value]]) throws {
    let table = ResultTable(columns: [ResultColumn(name: "x", type: .text)], rows: rows)
    for terminal in [Terminal.none, narrow] {
      #expect(
        try formatted(table, as: "chart", terminal: terminal)
          == formatted(table, as: "table", terminal: terminal))
    }
  }

  @Test("chart: long names are cut with a mark, log groups at their common folder")
  func labels() throws {
    let groups = bars([
      ("000000000000:/aws/lambda/orders-api", .integer(1)),
      ("000000000000:/aws/lambda/orders-worker", .integer(2)),
    ])
    let text = try formatted(groups, as: "chart", terminal: narrow)
    #expect(text.contains("…/orders-api     ██"))
    #expect(text.contains("…/orders-worker  ██"))
    let names = bars([("a sentence that is far too long for a bar", .integer(1))])
    #expect(try formatted(names, as: "chart", terminal: narrow).contains("a sentence that…  ██"))
  }

  @Test("chart: names have more room where they would look the same")
  func similarLabels() throws {
    let names = bars([
      ("image-resizer · platform", .integer(1)), ("image-resizer · unhandled", .integer(2)),
    ])
    let text = try formatted(names, as: "chart", terminal: narrow)
    #expect(text.contains("image-resizer · platform  ██"))
    #expect(text.contains("image-resizer · unhandl…  ██"))
  }

  @Test("chart: what is beyond fifty bars is counted, not drawn")
  func manyBars() throws {
    let table = bars((1...1060).map { ("r\($0)", .integer(1)) })
    let lines = try formatted(table, as: "chart", terminal: narrow).split(separator: "\n")
    #expect(lines.count == 52)
    #expect(lines.last == "… 1,010 more rows …")
  }

  @Test("chart: times are those of the zone")
  func zone() throws {
    let zone = try #require(TimeZone.named("+05:30"))
    let formatter = try #require(
      OutputFormatRegistry.formatter(named: "chart", for: narrow, timeZone: zone))
    var output = OutputBuffer()
    try formatter.write(counts([1, 2]), to: &output)
    let text = String(decoding: output.bytes, as: UTF8.self)
    #expect(text.contains("2026-02-11 14:30 to 14:31 +05:30\nby 1 minute\n"))
  }

  @Test("chart: numbers and times of any size neither crash nor go beyond the terminal")
  func extremes() throws {
    let values: [Value] = [
      .integer(.min), .integer(.max), .real(1e308), .real(-1e308), .real(.leastNonzeroMagnitude),
      .null,
      .real(.nan),
    ]
    for first in values {
      for second in values {
        var table = counts([1, 2])
        table.rows = [[.integer(morning), first], [.integer(morning + 1), second]]
        let text = try formatted(table, as: "chart", terminal: narrow)
        #expect(!text.isEmpty)
        table.rows = [[first, .integer(1)], [second, .integer(2)]]
        #expect(try !formatted(table, as: "chart", terminal: narrow).isEmpty)
        #expect(
          try !formatted(bars([("a", first), ("b", second)]), as: "chart", terminal: narrow).isEmpty
        )
      }
    }
  }

  @Test("chart: colour changes nothing but colour")
  func color() throws {
    let plain = try formatted(counts([3, 1]), as: "chart", terminal: narrow)
    let colored = try formatted(
      counts([3, 1]), as: "chart", terminal: Terminal(columnCount: 40, usesColor: true))
    #expect(colored.contains("\u{1B}[36m"))
    #expect(colored.replacing(/\u{1B}\[[0-9]*m/, with: "") == plain)
  }
}
