internal import InsightsText

/// Renders diagnostics for people, with carets under the words that they are about.
///
/// ```text
/// error: unknown function 'strlne'
///  --> query:2:10
///   |
/// 2 | | filter strlne(@message) > 200
///   |          ^^^^^^
///   = help: a function with a similar name exists: 'strlen'
/// ```
public struct DiagnosticRenderer: Sendable {
  /// At most so many errors are shown; the rest is counted.
  public static let errorLimit = 10

  private let usesColor: Bool

  public init(usesColor: Bool = false) {
    self.usesColor = usesColor
  }

  public func render(_ diagnostics: [Diagnostic], of source: SourceText) -> String {
    let sorted = diagnostics.sorted { $0.span.lowerBound < $1.span.lowerBound }
    var text = sorted.prefix(Self.errorLimit).map { render($0, of: source) }.joined(separator: "\n")
    if sorted.count > Self.errorLimit {
      text += "\nnote: \(sorted.count - Self.errorLimit) more messages are not shown\n"
    }
    return text
  }

  public func render(_ diagnostic: Diagnostic, of source: SourceText) -> String {
    let (line, column) = source.location(of: diagnostic.span.lowerBound)
    let lineSpan = source.span(ofLine: line)
    // Tabs would shift the carets, other control characters could do anything to a terminal.
    let shown = printable(source[lineSpan])
    let start = diagnostic.span.clamped(to: lineSpan).lowerBound
    let before = printable(source[lineSpan.lowerBound..<start])
    let marked = printable(source[diagnostic.span.clamped(to: lineSpan)])
    let carets = String(repeating: "^", count: max(1, DisplayWidth.columns(of: marked)))
    let indent = String(repeating: " ", count: DisplayWidth.columns(of: before))
    let number = String(line)
    let margin = String(repeating: " ", count: number.count)

    let severity = diagnostic.severity.rawValue
    let color = diagnostic.severity == .error ? "31" : "33"
    var lines = [
      "\(styled(severity, "1;\(color)")): \(styled(printable(diagnostic.message), "1"))",
      "\(margin)\(dim("-->")) \(source.name):\(line):\(column)",
      "\(margin) \(dim("|"))",
      "\(number) \(dim("|")) \(shown)",
      "\(margin) \(dim("|")) \(indent)\(styled(carets, color))",
    ]
    lines += diagnostic.notes.map { "\(margin) \(dim("=")) note: \(printable($0))" }
    lines += diagnostic.help.map { "\(margin) \(dim("=")) help: \(printable($0))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }

  private func dim(_ text: String) -> String { styled(text, "2") }

  private func styled(_ text: String, _ code: String) -> String {
    usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
