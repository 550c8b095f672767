/// The formats in which a document is written.
public enum DocumentFormat: String, CaseIterable, Hashable, Sendable {
  /// Plain text for a terminal; tables look like those of `--format table`.
  case table
  case markdown
  /// One self-contained HTML page.
  case html

  /// Writes `document` for output to `terminal`; `Terminal.none` means a file or pipe.
  ///
  /// - Throws: `OutputError` if the output cannot be written.
  public func write(
    _ document: Document, for terminal: Terminal, to output: inout OutputBuffer
  ) throws(OutputError) {
    switch self {
    case .table: try TextDocumentWriter(terminal: terminal).write(document, to: &output)
    case .markdown: try MarkdownDocumentWriter().write(document, to: &output)
    case .html: try HTMLDocumentWriter().write(document, to: &output)
    }
  }
}
