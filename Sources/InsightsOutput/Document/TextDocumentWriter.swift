internal import InsightsText

/// Writes documents as text.
///
/// Prose and log lines are wrapped to the width of the terminal or to `COLUMNS`; without either,
/// each is one line.
struct TextDocumentWriter {
  private let terminal: Terminal
  private let columnCount: Int?

  /// The maximum number of screen lines for a log line.
  private static let logLineLimit = 8
  /// The maximum number of screen lines for evidence in an overview.
  private static let evidenceLineLimit = 2

  init(terminal: Terminal) {
    self.terminal = terminal
    columnCount = terminal.proseColumnCount
  }

  func write(_ document: Document, to output: inout OutputBuffer) throws(OutputError) {
    for (index, block) in document.blocks.enumerated() {
      if index > 0 { output.append("\n") }
      switch block {
      case .heading(let level, let text):
        append(title: text, to: &output)
        if level == 2 { output.append(dim(String(repeating: "─", count: ruleWidth)) + "\n") }
      case .paragraph(let text): append(text, first: "", indentation: 0, to: &output)
      case .list(let title, let items):
        append(title: title, to: &output)
        for item in items { append(item, first: "  • ", indentation: 4, to: &output) }
      case .facts(let facts): append(facts, to: &output)
      case .findings(let findings): append(findings, to: &output)
      case .log(let title, let lines):
        append(title: title, to: &output)
        append(lines, to: &output)
      }
      try output.flushIfFull()
    }
  }

  private var ruleWidth: Int { min(columnCount ?? 80, 80) }

  private func append(title: String, to output: inout OutputBuffer) {
    for line in wrap(title, indentation: 0) { output.append(bold(line) + "\n") }
  }

  // MARK: Facts

  private func append(_ facts: [Document.Fact], to output: inout OutputBuffer) {
    let names = facts.map { PrintableText.line(of: $0.name) }
    let width = names.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    // On one line if that leaves room for the values.
    let isNarrow = columnCount.map { $0 < width + 16 } ?? false
    for (name, fact) in zip(names, facts) {
      let padding = blanks(width - DisplayWidth.columns(of: name) + 2)
      append(
        fact.value, first: bold(name) + (isNarrow ? "\n  " : padding),
        indentation: isNarrow ? 2 : width + 2, to: &output)
    }
  }

  // MARK: Findings

  /// Appends findings with number and status in front; on a narrow terminal the rest follows below
  /// them.
  private func append(_ findings: [Document.Finding], to output: inout OutputBuffer) {
    let numberWidth = findings.map { String($0.number).count }.max() ?? 0
    let indentation = numberWidth + 7
    for finding in findings {
      let number = String(finding.number)
      output.append(
        blanks(numberWidth - number.count) + number + "  "
          + styled(finding.isOfServer ? "1;31" : "1;33", String(finding.status)) + "  ")
      let title = wrap(finding.title, indentation: indentation)
      for (index, line) in title.enumerated() {
        output.append((index == 0 ? "" : "\n" + blanks(indentation)) + bold(line))
      }
      let facts = PrintableText.line(of: finding.facts.joined(separator: " · "))
      let used = title.last.map { DisplayWidth.columns(of: $0) } ?? 0
      let left = columnCount.map { $0 - indentation - used } ?? .max
      if DisplayWidth.columns(of: facts) + 3 <= left {
        output.append(dim(" · " + facts) + "\n")
      } else {
        output.append("\n")
        for line in wrap(facts, indentation: indentation) {
          output.append(blanks(indentation) + dim(line) + "\n")
        }
      }
      for text in [finding.evidence, finding.advice].compactMap({ $0 }) {
        let lines = WrappedText.log(
          PrintableText.line(of: text), to: room(besides: indentation),
          lineLimit: Self.evidenceLineLimit)
        for line in lines { output.append(blanks(indentation) + line + "\n") }
      }
    }
  }

  // MARK: Log lines

  private func append(_ lines: [Document.LogLine], to output: inout OutputBuffer) {
    let labels = lines.map { PrintableText.line(of: $0.label) }
    let labelWidth = labels.map { DisplayWidth.columns(of: $0) }.max() ?? 0
    // On one line if that leaves room for the text.
    let isNarrow = columnCount.map { $0 < labelWidth + 24 } ?? false
    let indentation = labelWidth > 0 && !isNarrow ? labelWidth + 4 : 2
    for (line, label) in zip(lines, labels) {
      if line.omittedCount > 0 {
        output.append(dim("  … \(line.omission) …") + "\n")
      }
      let texts = PrintableText.lines(of: line.text).flatMap {
        WrappedText.log($0, to: room(besides: indentation), lineLimit: Self.logLineLimit)
      }
      if labelWidth > 0 {
        output.append("  " + dim(label))
        output.append(isNarrow ? "\n" : blanks(labelWidth - DisplayWidth.columns(of: label) + 2))
      }
      for (index, text) in (texts.isEmpty ? [""] : texts).enumerated() {
        if !text.isEmpty, index > 0 || isNarrow || labelWidth == 0 {
          output.append(blanks(indentation))
        }
        output.append(text + "\n")
      }
    }
  }

  // MARK: Prose

  private func append(
    _ text: String, first: String, indentation: Int, to output: inout OutputBuffer
  ) {
    for (index, line) in wrap(text, indentation: indentation).enumerated() {
      output.append((index == 0 ? first : blanks(indentation)) + line + "\n")
    }
  }

  /// Wraps a text to the width that remains beside an indentation.
  private func wrap(_ text: String, indentation: Int) -> [String] {
    WrappedText.words(of: PrintableText.line(of: text), to: room(besides: indentation))
  }

  private func room(besides indentation: Int) -> Int? {
    columnCount.map { max(8, $0 - indentation) }
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private func bold(_ text: String) -> String { styled("1", text) }

  private func dim(_ text: String) -> String { styled("2", text) }

  private func styled(_ code: String, _ text: String) -> String {
    terminal.usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
