import InsightsModel
import InsightsOutput
import Testing

@Suite struct TableFormatTests {
  private let table = ResultTable(
    columns: [
      ResultColumn(name: "@requestId", type: .text),
      ResultColumn(name: "@duration", type: .number),
      ResultColumn(name: "count", type: .any),
      ResultColumn(name: "@message", type: .text),
    ],
    rows: [
      [
        .text("2698f0d1-3c0e-4d53-9b53-0c3a1a5bb1e1"), .real(18.5), .integer(7),
        .text("Loading the order took far too long for the customer\n"),
      ],
      [.null, .integer(3000), .null, .text("注文を処理しました 🚀")],
    ])

  @Test("table: aligned, numbers on the right, no blanks at line ends, nothing cut off a terminal")
  func aligned() throws {
    #expect(
      try formatted(table, as: "table") == """
        @requestId                            @duration  count  @message
        ────────────────────────────────────  ─────────  ─────  \
        ────────────────────────────────────────────────────
        2698f0d1-3c0e-4d53-9b53-0c3a1a5bb1e1       18.5      7  \
        Loading the order took far too long for the customer
                                                   3000         注文を処理しました 🚀

        """)
  }

  @Test("table: on a terminal prose is cut first and no line is wider than the terminal")
  func cut() throws {
    let text = try formatted(
      table, as: "table", terminal: Terminal(columnCount: 76, usesColor: false))
    #expect(
      text == """
        @requestId                            @duration  count  @message
        ────────────────────────────────────  ─────────  ─────  ────────────────────
        2698f0d1-3c0e-4d53-9b53-0c3a1a5bb1e1       18.5      7  Loading the order t…
                                                   3000         注文を処理しました …

        """)
  }

  @Test("table: what cannot fit becomes a record of one value a line, missing values left out")
  func records() throws {
    let text = try formatted(
      table, as: "table", terminal: Terminal(columnCount: 60, usesColor: false))
    #expect(
      text == """
        @requestId  2698f0d1-3c0e-4d53-9b53-0c3a1a5bb1e1
        @duration   18.5
        count       7
        @message    Loading the order took far too long for the cus…

        @duration   3000
        @message    注文を処理しました 🚀

        """)
  }

  @Test("table: any width of terminal is survived", arguments: [-5, 0, 1, 2, 13, 40, 1_000_000])
  func widths(columnCount: Int) throws {
    let terminal = Terminal(columnCount: columnCount, usesColor: true)
    #expect(try formatted(table, as: "table", terminal: terminal).contains("3000"))
  }

  @Test("table: no rows are said on a terminal and only there")
  func noRows() throws {
    let empty = ResultTable(columns: [ResultColumn(name: "n", type: .number)])
    #expect(try formatted(empty, as: "table") == "n\n─\n")
    #expect(
      try formatted(empty, as: "table", terminal: Terminal(columnCount: 80, usesColor: false))
        == "n\n─\n(no rows)\n")
    #expect(try formatted(ResultTable(columns: []), as: "table") == "")
  }

  @Test("table: colour only when asked for, and always switched off again")
  func color() throws {
    let terminal = Terminal(columnCount: 80, usesColor: true)
    #expect(
      try formatted(cell(.integer(1), .number), as: "table", terminal: terminal)
        == "\u{1B}[1mx\u{1B}[0m\n\u{1B}[2m─\u{1B}[0m\n1\n")
  }

  @Test(
    "table: what a terminal would obey is made visible",
    arguments: [
      ("\u{1B}[2Jgone", "␛[2Jgone"), ("a\u{7}\u{0}\u{7F}b", "a␇␀␡b"),
      ("a\u{9B}31mb", "a\u{FFFD}31mb"),
      ("a\u{202E}b\u{2066}", "a\u{FFFD}b\u{FFFD}"), ("a\tb", "a b"),
      ("a\nb\r\nc\rd\u{2028}e", "a ↵ b ↵ c ↵ d ↵ e"),
      ("trailing \t\r\n\n", "trailing"), ("é\u{A0}日本", "é\u{A0}日本"), ("\n", ""),
    ])
  func harmless(text: String, shown: String) throws {
    #expect(try formatted(cell(.text(text), .text), as: "table").hasSuffix("─\n\(shown)\n"))
  }

  @Test("table: a column of mixed values is not aligned as numbers")
  func mixedColumn() throws {
    let table = ResultTable(
      columns: [ResultColumn(name: "mixed", type: .any)], rows: [[.integer(1)], [.text("n/a")]])
    #expect(try formatted(table, as: "table") == "mixed\n─────\n1\nn/a\n")
  }

  @Test("table: rows longer or shorter than the columns do not crash")
  func raggedRows() throws {
    let ragged = ResultTable(
      columns: [ResultColumn(name: "a", type: .any), ResultColumn(name: "b", type: .any)],
      rows: [[], [.integer(1), .integer(2), .integer(3)]])
    #expect(try formatted(ragged, as: "table") == "a  b\n─  ─\n\n1  2\n")
  }

  @Test("table: several results stand under their names, empty ones in one line")
  func severalResults() throws {
    let results = [
      NamedResult(name: "lambda/errors", title: "Errors", table: cell(.integer(3), .number)),
      NamedResult(name: "lambda/timeouts", table: ResultTable(columns: table.columns)),
    ]
    #expect(
      try formatted(results, as: "table") == """
        lambda/errors  Errors
        x
        ─
        3

        lambda/timeouts
        (no rows)

        """)
  }

  private func terminal(_ columnCount: Int) -> Terminal {
    Terminal(columnCount: columnCount, usesColor: false)
  }

  @Test("table: texts of several lines make records on a terminal, and stand there in full")
  func severalLines() throws {
    let table = ResultTable(
      columns: [
        ResultColumn(name: "id", type: .any), ResultColumn(name: "traceback", type: .text),
      ],
      rows: [
        [.integer(1), .text("KeyError: 'x'\n  at a\n\n  at \u{1B}[2J a far too long line\n")],
        [.integer(2), .text("\n\nTypeError\n  at b")],
        [.integer(3), .text("one line")],
      ])
    #expect(
      try formatted(table, as: "table", terminal: terminal(30)) == """
        id         1
        traceback  KeyError: 'x'
                     at a

                     at ␛[2J a far to…

        id         2
        traceback  TypeError
                     at b

        id         3
        traceback  one line

        """)
    #expect(try formatted(table, as: "table").split(separator: "\n").count == 5)
  }

  @Test("table: a few texts of several lines among others fold")
  func fewSeveralLines() throws {
    let table = ResultTable(
      columns: [ResultColumn(name: "message", type: .text)],
      rows: [[.text("a\nb")], [.text("c")], [.text("d")]])
    #expect(
      try formatted(table, as: "table", terminal: terminal(80))
        == "message\n───────\na ↵ b\nc\nd\n")
  }

  @Test("table: the rule under a column of long texts ends at 80")
  func longRule() throws {
    let long = String(repeating: "x", count: 600)
    let table = ResultTable(
      columns: [ResultColumn(name: "a", type: .text), ResultColumn(name: "b", type: .text)],
      rows: [[.text(long), .text(long)]])
    let lines = try formatted(table, as: "table").split(separator: "\n")
    let rule = String(repeating: "─", count: 80)
    #expect(lines[1] == rule + String(repeating: " ", count: 522) + rule)
    #expect(lines[2] == "\(long)  \(long)")
  }

  @Test(
    "table: paths and log groups are cut at the start, other texts at the end",
    arguments: [
      ("000000000000:/aws/lambda/nightly-report", "…aws/lambda/nightly-report"),
      ("/var/task/orders/stock.py:30 reserve", "…/orders/stock.py:30 reserve"),
      ("2026/03/17/[$LATEST]2d7291e4cb29b488bc90", "…T]2d7291e4cb29b488bc90"),
      ("GET /orders/48187/and/so/on/and/on 200 OK", "GET /orders/48187/and/so/…"),
      (#"{"url":"a/b","text":"and so on and on and on"}"#, #"{"url":"a/b","text":"and …"#),
      ("/var/täsk/orders/stock.py:30 reserve", "/var/täsk/orders/stock.py…"),
    ])
  func cutEnds(text: String, shown: String) throws {
    let lines = try formatted(
      cell(.text(text), .text), as: "table", terminal: terminal(shown.count)
    )
    .split(separator: "\n")
    #expect(lines.last.map(String.init) == shown)
  }

  @Test("table: ids are never cut, names only down to 20 columns")
  func identifiers() throws {
    let id = "2698f0d1-3c0e-4d53-9b53-0c3a1a5bb1e1"
    let table = ResultTable(
      columns: [ResultColumn(name: "id", type: .text), ResultColumn(name: "name", type: .text)],
      rows: [[.text(id), .text("botocore.errorfactory.TooManyRequestsException")]])
    #expect(
      try formatted(table, as: "table", terminal: terminal(58)).hasSuffix(
        "\n\(id)  botocore.errorfacto…\n"))
    #expect(
      try formatted(table, as: "table", terminal: terminal(57)).hasPrefix("id    \(id)\nname  boto")
    )
  }
}
