import InsightsModel
import InsightsOutput
import Testing

@Suite struct MarkdownFormatTests {
  @Test("markdown: a row a line, numbers on the right, missing values empty")
  func table() throws {
    let table = ResultTable(
      columns: [
        ResultColumn(name: "@timestamp", type: .timestamp),
        ResultColumn(name: "n", type: .number),
        ResultColumn(name: "text", type: .any),
      ],
      rows: [
        [.integer(1_770_801_300_123), .real(0.5), .text("two\nlines")],
        [.null, .integer(3)],
      ])
    #expect(
      try formatted(table, as: "markdown") == """
        | @timestamp | n | text |
        | --- | ---: | --- |
        | 2026-02-11 09:15:00.123 | 0.5 | two ↵ lines |
        |  | 3 |  |

        """)
  }

  @Test(
    "markdown: text shows as it is",
    arguments: [
      ("a|b", "a\\|b"), ("<script>", "\\<script>"),
      ("`x` *y* _z_ ~w~", "\\`x\\` \\*y\\* \\_z\\_ \\~w\\~"),
      ("[a](b)", "\\[a\\](b)"), ("&lt;", "&amp;lt;"), ("|\u{301}", "\\|\u{301}"),
      ("\u{1B}[31m", "␛\\[31m"),
    ])
  func escapes(text: String, shown: String) throws {
    #expect(
      try formatted(cell(.text(text), .text), as: "markdown") == "| x |\n| --- |\n| \(shown) |\n")
  }

  @Test("markdown: several results stand under their names")
  func severalResults() throws {
    let results = [
      NamedResult(name: "lambda/errors", title: "Errors", table: cell(.integer(3), .number)),
      NamedResult(
        name: "lambda/none", table: ResultTable(columns: [ResultColumn(name: "x", type: .any)])),
    ]
    #expect(
      try formatted(results, as: "markdown") == """
        ## lambda/errors

        Errors

        | x |
        | ---: |
        | 3 |

        ## lambda/none

        (no rows)

        """)
  }
}
