internal import InsightsModel
internal import InsightsText

/// Writes documents as text.
///
/// On a terminal prose is wrapped to its width and log lines are cut with `…`; elsewhere nothing is
/// wrapped or cut.
struct TextDocumentWriter {
  private let terminal: Terminal

  init(terminal: Terminal) {
    self.terminal = terminal
  }

  func write(_ document: Document, to output: inout OutputBuffer) throws(OutputError) {
    for (index, block) in document.blocks.enumerated() {
      if index > 0 { output.append("\n") }
      switch block {
      case .heading(let level, let text):
        for line in wrap(text, indentation: "") {
          output.append(bold(line))
          output.append("\n")
        }
        if level == 2 { output.append(dim(String(repeating: "─", count: ruleWidth)) + "\n") }
      case .paragraph(let text): appendWrapped(text, bullet: "", to: &output)
      case .list(let title, let items):
        output.append(bold(PrintableText.line(of: title)) + "\n")
        for item in items { appendWrapped(item, bullet: "  • ", to: &output) }
      case .facts(let facts):
        let facts = facts.map { Document.Fact(PrintableText.line(of: $0.name), $0.value) }
        let width = facts.map { DisplayWidth.columns(of: $0.name) }.max() ?? 0
        for fact in facts {
          let padding = width - DisplayWidth.columns(of: fact.name) + 2
          append(
            fact.value, first: bold(fact.name) + String(repeating: " ", count: padding),
            indentation: width + 2, to: &output)
        }
      case .table(let table): try TableFormat(terminal: terminal).write(table, to: &output)
      case .log(let title, let lines):
        output.append(bold(PrintableText.line(of: title)) + "\n")
        append(lines, to: &output)
      }
      try output.flushIfFull()
    }
  }

  private var ruleWidth: Int { min(terminal.columnCount ?? 80, 80) }

  // MARK: Log lines

  private func append(_ lines: [Document.LogLine], to output: inout OutputBuffer) {
    let labels = lines.map { PrintableText.line(of: $0.label) }
    let labelWidth = labels.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    let indentation = labelWidth > 0 ? labelWidth + 4 : 2
    for (line, label) in zip(lines, labels) {
      if line.omittedCount > 0 {
        output.append(dim("  … \(line.omission) …") + "\n")
      }
      let texts = PrintableText.lines(of: line.text)
      for (index, text) in (texts.isEmpty ? [""] : texts).enumerated() {
        if index == 0, labelWidth > 0 {
          let padding = labelWidth - DisplayWidth.columns(of: label) + 2
          output.append("  " + dim(label) + String(repeating: " ", count: padding))
        } else if !text.isEmpty {
          output.append(String(repeating: " ", count: indentation))
        }
        output.append(cut(text, to: terminal.columnCount.map { max(12, $0 - indentation) }))
        output.append("\n")
      }
    }
  }

  private func cut(_ text: String, to width: Int?) -> String {
    width.map { DisplayWidth.truncate(text, to: $0) } ?? text
  }

  // MARK: Prose

  private func appendWrapped(_ text: String, bullet: String, to output: inout OutputBuffer) {
    append(text, first: bullet, indentation: bullet.count, to: &output)
  }

  private func append(
    _ text: String, first: String, indentation: Int, to output: inout OutputBuffer
  ) {
    let blanks = String(repeating: " ", count: indentation)
    for (index, line) in wrap(text, indentation: blanks).enumerated() {
      output.append((index == 0 ? first : blanks) + line + "\n")
    }
  }

  /// The lines of a text that fit beside an indentation; words that are longer are cut.
  private func wrap(_ text: String, indentation: String) -> [String] {
    let printable = PrintableText.line(of: text)
    guard let columnCount = terminal.columnCount else { return [printable] }
    let width = max(20, columnCount - indentation.count)
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in printable.split(separator: " ") {
      let word = DisplayWidth.truncate(String(word), to: width)
      let length = DisplayWidth.columns(of: word)
      if used > 0, used + 1 + length > width {
        lines.append(line)
        (line, used) = (word, length)
      } else {
        line += used > 0 ? " " + word : word
        used += used > 0 ? 1 + length : length
      }
    }
    lines.append(line)
    return lines
  }

  private func bold(_ text: String) -> String { styled("1", text) }

  private func dim(_ text: String) -> String { styled("2", text) }

  private func styled(_ code: String, _ text: String) -> String {
    terminal.usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
