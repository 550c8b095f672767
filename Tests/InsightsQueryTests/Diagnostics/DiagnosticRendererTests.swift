import InsightsQuery
import Testing

@Suite("rendering diagnostics")
struct DiagnosticRendererTests {
  private func render(_ text: String, at span: Range<Int>, message: String = "m") -> [String] {
    let diagnostic = Diagnostic(.error, "id", message, at: span)
    return DiagnosticRenderer().render(diagnostic, of: SourceText(text))
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test("rendering: carets stand under the whole word, on its line")
  func carets() {
    #expect(
      render("fields a\n| filter strlne(b)", at: 18..<24) == [
        "error: m", " --> query:2:10", "  |", "2 | | filter strlne(b)", "  |          ^^^^^^",
      ])
  }

  @Test("rendering: wide characters and tabs do not shift the carets")
  func widths() {
    #expect(render("\té 日本 bad", at: 11..<14).suffix(2) == ["1 |  é 日本 bad", "  |         ^^^"])
    #expect(render("日本", at: 0..<6).last == "  | ^^^^")
    #expect(render("a\tb", at: 0..<3).last == "  | ^^^")
  }

  @Test("rendering: an empty place, the end of the text and places beyond it have one caret")
  func ends() {
    #expect(render("ab", at: 2..<2).suffix(2) == ["1 | ab", "  |   ^"])
    #expect(render("", at: 0..<0).suffix(2) == ["1 | ", "  | ^"])
    #expect(render("ab", at: 7..<9).suffix(2) == ["1 | ab", "  |   ^"])
    #expect(render("ab\n", at: 3..<3).suffix(2) == ["2 | ", "  | ^"])
  }

  @Test("rendering: of several lines the first is marked to its end")
  func severalLines() {
    #expect(render("a \"b\r\nc\" d", at: 2..<8).suffix(2) == ["1 | a \"b", "  |   ^^"])
  }

  @Test("rendering: control characters never reach the terminal")
  func controlCharacters() {
    let lines = render("a\u{1B}[31m\u{9B}b", at: 1..<2, message: "x '\u{1B}]0;\u{7}\n\u{9B}'")
    for line in lines {
      #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
    #expect(lines.count == 5)
  }

  @Test("rendering: of a very long line only what is near is shown")
  func longLines() {
    let text = String(repeating: "a", count: 5000) + "bad" + String(repeating: "c", count: 5000)
    let lines = render(text, at: 5000..<5003, message: String(repeating: "m", count: 5000))
    #expect(lines.allSatisfy { $0.count < 420 })
    #expect(lines[3].contains("…aaa") && lines[3].contains("abadc") && lines[3].hasSuffix("c…"))
    let caret = lines[4].firstIndex(of: "^").map {
      lines[4].distance(from: lines[4].startIndex, to: $0)
    }
    #expect(Array(lines[3])[(caret ?? 0)...].prefix(3) == ["b", "a", "d"])
    #expect(render(text, at: 0..<10_003).last?.filter { $0 == "^" }.count == 101)
  }

  @Test("rendering: notes come before help, the margin fits the line number")
  func notes() {
    let text = String(repeating: "a\n", count: 11)
    let diagnostic = Diagnostic(
      .warning, "id", "m", at: 20..<21, notes: ["n"], help: ["h", "i"])
    #expect(
      DiagnosticRenderer().render(diagnostic, of: SourceText(text, name: "f.insights")) == """
        warning: m
          --> f.insights:11:1
           |
        11 | a
           | ^
           = note: n
           = help: h
           = help: i

        """)
  }

  @Test("rendering: at most ten are shown, in the order of the text, the rest is counted")
  func limit() {
    let source = SourceText(String(repeating: "x", count: 30))
    let diagnostics = (0..<12).reversed().map {
      Diagnostic(.error, "id", "number \($0)", at: $0..<($0 + 1))
    }
    let text = DiagnosticRenderer().render(diagnostics, of: source)
    #expect(text.hasPrefix("error: number 0\n"))
    #expect(text.contains("error: number 9\n"))
    #expect(!text.contains("error: number 10"))
    #expect(text.hasSuffix("note: 2 more messages are not shown\n"))
  }

  @Test("rendering: colour only where it is asked for")
  func color() {
    let diagnostic = Diagnostic(.error, "id", "m", at: 0..<1)
    let source = SourceText("a")
    #expect(!DiagnosticRenderer().render(diagnostic, of: source).contains("\u{1B}"))
    #expect(
      DiagnosticRenderer(usesColor: true).render(diagnostic, of: source)
        .hasPrefix("\u{1B}[1;31merror\u{1B}[0m: "))
  }
}
