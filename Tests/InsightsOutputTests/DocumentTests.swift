import InsightsModel
import InsightsOutput
import Testing

@Suite("documents")
struct DocumentTests {
  private static let table = ResultTable(
    columns: [
      ResultColumn(name: "status", type: .number), ResultColumn(name: "cause", type: .text),
    ], rows: [[.integer(502), .text("a|b <c>")], [.null, .text("x")]])

  private static let document = Document(
    title: "A & B",
    blocks: [
      .heading(level: 1, text: "Two findings"), .paragraph("One *sentence* of prose."),
      .table(table), .heading(level: 2, text: "1. <first>"),
      .facts([.init("since", "today"), .init("functions", "a_b")]),
      .list(title: "Evidence", items: ["one", "two\nlines"]),
      .log(
        title: "Request 1",
        lines: [
          .init(label: "10:00", text: "START\n"),
          .init(label: "10:01", text: "```\n<script>alert(1)</script>", omittedCount: 1200),
        ]),
    ])

  private static func text(
    _ document: Document, as format: DocumentFormat, for terminal: Terminal = .none
  ) throws -> String {
    var output = OutputBuffer()
    try format.write(document, for: terminal, to: &output)
    return String(decoding: output.bytes, as: UTF8.self)
  }

  @Test("text has every block, logs indented, gaps marked")
  func plainText() throws {
    let rule = String(repeating: "─", count: 80)
    #expect(
      try Self.text(Self.document, as: .table) == """
        Two findings

        One *sentence* of prose.

        status  cause
        ──────  ───────
           502  a|b <c>
                x

        1. <first>
        \(rule)

        since      today
        functions  a_b

        Evidence
          • one
          • two ↵ lines

        Request 1
          10:00  START
          … 1,200 more lines …
          10:01  ```
                 <script>alert(1)</script>

        """)
  }

  @Test("on a terminal no line is wider than the terminal", arguments: [40, 80, 160])
  func width(columns: Int) throws {
    let long = String(repeating: "many words in a row ", count: 30)
    let document = Document(
      title: "",
      blocks: [
        .heading(level: 1, text: long), .paragraph(long),
        .paragraph(String(repeating: "x", count: 300)),
        .list(title: "list", items: [long, "漢字" + String(repeating: "漢字 ", count: 100)]),
        .facts([.init("name", long)]), .log(title: "log", lines: [.init(label: "1", text: long)]),
      ])
    let terminal = Terminal(columnCount: columns, usesColor: false)
    for line in try Self.text(document, as: .table, for: terminal).split(separator: "\n") {
      let width = line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2FFF ? 2 : 1) }
      #expect(width <= columns)
    }
  }

  @Test("prose is wrapped without losing a word; log lines are cut with a mark")
  func wrapping() throws {
    let words = (0..<50).map { "word\($0)" }
    let document = Document(
      title: "",
      blocks: [
        .paragraph(words.joined(separator: " ")),
        .log(title: "log", lines: [.init(label: "", text: words.joined(separator: " "))]),
      ])
    let terminal = Terminal(columnCount: 50, usesColor: false)
    let text = try Self.text(document, as: .table, for: terminal)
    let lines = text.split(separator: "\n")
    let logLine = try #require(lines.last)
    let prose = lines.prefix { $0 != "log" }.joined(separator: " ")
    #expect(prose.split(separator: " ").map(String.init) == words)
    #expect(logLine.hasSuffix("…"))
  }

  @Test("control characters and escape sequences never reach a terminal or a page")
  func controlCharacters() throws {
    let hostile = "a\u{1B}[31mred\u{07}\u{9B}0m\u{0}\r\u{202E}"
    let document = Document(
      title: hostile,
      blocks: [
        .heading(level: 1, text: hostile), .paragraph(hostile),
        .list(title: hostile, items: [hostile]), .facts([.init(hostile, hostile)]),
        .log(title: hostile, lines: [.init(label: hostile, text: hostile)]),
      ])
    for format in DocumentFormat.allCases {
      let text = try Self.text(document, as: format)
      for scalar in text.unicodeScalars where scalar != "\n" {
        #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value), "\(format)")
        #expect(scalar.value != 0x202E)
      }
    }
  }

  @Test("Markdown escapes its own signs and fences longer than any in the log")
  func markdown() throws {
    let text = try Self.text(Self.document, as: .markdown)
    #expect(text.hasPrefix("# Two findings\n\nOne \\*sentence\\* of prose.\n"))
    #expect(text.contains("| 502 | a\\|b \\<c> |\n|  | x |\n"))
    #expect(text.contains("## 1. \\<first>\n"))
    #expect(text.contains("- **functions**: a\\_b\n"))
    #expect(text.contains("````text\n10:00  START\n… 1,200 more lines …\n10:01  ```\n"))
    #expect(text.hasSuffix("````\n"))
  }

  @Test("HTML is one page that needs nothing else, with everything escaped")
  func html() throws {
    let text = try Self.text(Self.document, as: .html)
    #expect(text.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(text.contains("<title>A &amp; B</title>"))
    #expect(text.contains("<td class=\"word\">a|b &lt;c&gt;</td>"))
    #expect(text.contains("<h2 id=\"section-1\">1. &lt;first&gt;</h2>"))
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    for needed in ["<script", "src=", "href=", "@import", "url(", "http"] {
      #expect(!text.contains(needed), "\(needed)")
    }
    #expect(text.contains("prefers-color-scheme: dark"))
    #expect(text.contains("@media print"))
    #expect(Self.isBalanced(text))
  }

  /// Whether every element that is opened is closed, in order.
  private static func isBalanced(_ html: String) -> Bool {
    var open: [Substring] = []
    for part in html.split(separator: "<").dropFirst() {
      let tag = part.prefix { $0 != ">" && $0 != " " }
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else if !tag.hasPrefix("!"), tag != "meta" {
        open.append(tag)
      }
    }
    return open.isEmpty
  }

  @Test("an empty document is an empty text and a whole page")
  func empty() throws {
    let document = Document(title: "")
    #expect(try Self.text(document, as: .table) == "")
    #expect(try Self.text(document, as: .markdown) == "")
    #expect(try Self.text(document, as: .html).hasSuffix("<main>\n</main>\n</body>\n</html>\n"))
  }
}
