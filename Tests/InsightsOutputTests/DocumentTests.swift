import InsightsOutput
import Testing

@Suite("documents")
struct DocumentTests {
  private static let findings: [Document.Finding] = [
    .init(
      number: 1, status: 502, title: "a|b <c>", facts: ["3 requests", "orders"],
      evidence: "KeyError: 'x' at app.py:9", advice: "Correct it.", section: 1),
    .init(number: 2, status: 403, title: "refused", facts: ["1 request"]),
  ]

  private static let document = Document(
    title: "A & B",
    blocks: [
      .heading(level: 1, text: "Two findings"), .paragraph("One *sentence* of prose."),
      .findings(findings), .heading(level: 2, text: "1. <first>"),
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

        1  502  a|b <c> · 3 requests · orders
                KeyError: 'x' at app.py:9
                Correct it.
        2  403  refused · 1 request

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

  @Test("prose and log lines are wrapped without losing a word, also where COLUMNS says how wide")
  func wrapping() throws {
    let words = (0..<50).map { "word\($0)" }
    let document = Document(
      title: "",
      blocks: [
        .paragraph(words.joined(separator: " ")),
        .log(title: "log", lines: [.init(label: "", text: words.joined(separator: " "))]),
      ])
    for terminal in [
      Terminal(columnCount: 50, usesColor: false),
      Terminal(columnCount: nil, proseColumnCount: 50, usesColor: false),
    ] {
      let lines = try Self.text(document, as: .table, for: terminal).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= 50 })
      let halves = lines.split(separator: "log").map { $0.joined(separator: " ") }
      #expect(halves.count == 2)
      for half in halves {
        #expect(half.split(separator: " ").map(String.init) == words)
      }
    }
  }

  @Test("a word that fits no line is broken, and none of it is lost")
  func longWord() throws {
    let word = String(repeating: "0123456789", count: 20)
    let document = Document(title: "", blocks: [.paragraph("see \(word) there")])
    let text = try Self.text(
      document, as: .table, for: Terminal(columnCount: 30, usesColor: false))
    #expect(text.filter { !$0.isWhitespace } == "see\(word)there")
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 30 })
  }

  @Test("a log line takes eight lines at most, the last of which says that there is more")
  func longLogLine() throws {
    let document = Document(
      title: "",
      blocks: [
        .log(title: "log", lines: [.init(label: "", text: String(repeating: "x y", count: 900))])
      ])
    let lines = try Self.text(
      document, as: .table, for: Terminal(columnCount: 40, usesColor: false)
    ).split(separator: "\n")
    #expect(lines.count == 9)
    #expect(lines.last?.hasSuffix("…") == true)
  }

  @Test(
    "findings: statuses in colour, two lines of evidence, no line too wide",
    arguments: [24, 60, 200])
  func findingsOnTerminal(columns: Int) throws {
    let title = "unhandled exception: " + String(repeating: "Very", count: 30) + " 漢字漢字"
    let document = Document(
      title: "",
      blocks: [
        .findings(
          (1...120).map { number in
            Document.Finding(
              number: number, status: number % 2 == 0 ? 400 : 502, title: title,
              facts: ["1 request", "שירות-הזמנות", "02:11:20 to 02:19:44"],
              evidence: String(repeating: "word ", count: 200))
          })
      ])
    let plain = try Self.text(
      document, as: .table, for: Terminal(columnCount: columns, usesColor: false))
    for line in plain.split(separator: "\n") {
      let width = line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2FFF ? 2 : 1) }
      #expect(width <= columns)
    }
    #expect(plain.split(separator: "\n").count { $0.contains("word word") } == 240)
    #expect(plain.split(separator: "\n").count { $0.hasSuffix("…") } == 120)
    #expect(plain.contains("שירות-הזמנות"))
    let colored = try Self.text(
      document, as: .table, for: Terminal(columnCount: columns, usesColor: true))
    #expect(colored.contains("\u{1B}[1;31m502\u{1B}[0m"))
    #expect(colored.contains("\u{1B}[1;33m400\u{1B}[0m"))
    #expect(!plain.contains("\u{1B}"))
  }

  @Test("control characters and escape sequences never reach a terminal or a page")
  func controlCharacters() throws {
    let hostile = "a\u{1B}[31mred\u{07}\u{9B}0m\u{0}\r\u{202E}"
    let document = Document(
      title: hostile,
      blocks: [
        .heading(level: 1, text: hostile), .paragraph(hostile),
        .list(title: hostile, items: [hostile]), .facts([.init(hostile, hostile)]),
        .findings([
          .init(
            number: 1, status: 500, title: hostile, facts: [hostile], evidence: hostile,
            advice: hostile)
        ]),
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
    #expect(
      text.contains("| 1 | 502 | a\\|b \\<c> | 3 requests · orders | KeyError: 'x' at app.py:9 |"))
    #expect(text.contains("| 2 | 403 | refused | 1 request |  |  |\n"))
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
    #expect(text.contains("<b class=\"status server\">502</b>"))
    #expect(text.contains("<b class=\"status caller\">403</b>"))
    #expect(text.contains("<p class=\"cause\"><a href=\"#section-1\">a|b &lt;c&gt;</a></p>"))
    #expect(text.contains("<p class=\"evidence\">KeyError: &#39;x&#39; at app.py:9</p>"))
    #expect(text.contains("<h2 id=\"section-1\">1. &lt;first&gt;</h2>"))
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    for needed in ["<script", "src=", "@import", "url(", "http"] {
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
